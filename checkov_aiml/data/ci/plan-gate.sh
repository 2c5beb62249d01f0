#!/bin/sh
# Plan, show as JSON, judge: the plan is applied only when this ends with exit code 0. A plan holds secrets: keep
# plan.bin and plan.json out of artefacts and logs.
set -eu

terraform init -input=false
terraform plan -input=false -out=plan.bin
terraform show -json plan.bin > plan.json
checkov-aiml scan -f plan.json --framework terraform_plan --quiet --compact
