# plan.json is what `terraform plan -out=plan && terraform show -json plan` gives for this file.
resource "terraform_data" "dataset" {
  input = "train.csv"
}
