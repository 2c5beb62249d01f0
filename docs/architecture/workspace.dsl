workspace "checkov-aiml" "Checkov controls for AI and ML infrastructure" {

    model {
        engineer = person "Platform or security engineer" "Writes infrastructure code, runs Checkov in CI and pre-commit, sets what the organisation allows"
        auditor = person "Reviewer or auditor" "Reads findings, exemptions and evidence"

        checkov = softwareSystem "Checkov" "Parses Terraform, plans and manifests; loads external checks; reports" {
            properties {
                "imports" "checkov"
            }
        }
        presidio = softwareSystem "Presidio" "Recognises personal data in text; an optional extra" {
            properties {
                "imports" "presidio_analyzer"
            }
        }
        repository = softwareSystem "Infrastructure repository" "Terraform, plan JSON, Kubernetes manifests, sample datasets, settings file"

        aiml = softwareSystem "checkov-aiml" "Judges AI and ML infrastructure before it is deployed, and fails closed" {

            checks = container "Checks directory" "What --external-checks-dir points at: one file for each control and framework" "Python, run by Checkov" {
                terraformChecks = component "Terraform checks" "Controls on HCL and plan JSON, by family" "Python" {
                    properties {
                        "code" "checks.terraform"
                    }
                }
                kubernetesChecks = component "Kubernetes checks" "Controls on manifests, by family" "Python" {
                    properties {
                        "code" "checks.kubernetes"
                    }
                }
                bootstrap = component "Bootstrap" "Makes the package beside the checks importable in a plain clone" "Python" {
                    properties {
                        "code" "checks.aiml_checks_copy"
                    }
                }
            }

            library = container "Controls library" "Reads what Checkov parsed, judges it and reports" "Python, no dependency beyond Checkov's" {
                base = component "Control base" "What a control is; turns a verdict into Checkov's result, a crash into a failure" "Python" {
                    properties {
                        "code" "control terraform_control check_registry kubernetes_control kubernetes_runner terraform_manifest_control provider_control checkov_output"
                    }
                }
                judgements = component "Judgements" "Words and judgements that several controls or frameworks share" "Python" {
                    properties {
                        "code" "judgements"
                    }
                }
                terraformView = component "Terraform view" "Attributes in four states, resources, the estate as one index, policies, regions" "Python" {
                    properties {
                        "code" "terraform_view"
                    }
                }
                kubernetesView = component "Kubernetes view" "Manifests, pods, RBAC rules and bindings, from YAML or from Terraform" "Python" {
                    properties {
                        "code" "kubernetes_view"
                    }
                }
                verdict = component "Verdict" "Passed, failed, unresolved or not applicable, with its reason" "Python" {
                    properties {
                        "code" "verdict"
                    }
                }
                settings = component "Settings" "Typed, validated settings of one file" "Python, pydantic" {
                    properties {
                        "code" "settings"
                    }
                }
                journal = component "Journal" "What happened in Checkov's processes, noted for the command" "Python" {
                    properties {
                        "code" "journal"
                    }
                }
            }

            tables = container "Data tables" "Provider defaults, frameworks and the like, each with its source; pipeline files" "JSON" {
                properties {
                    "data" "data"
                }
            }

            personalData = container "Personal data" "Judges and masks sample datasets" "Python, extra `pii`" {
                datasetCommand = component "Dataset command" "`checkov-aiml pii`: scans and masks files, reports as Checkov does" "Python" {
                    properties {
                        "code" "pii.command pii.dataset_report"
                    }
                }
                datasetControls = component "Dataset controls" "Finds the datasets that Terraform and manifests upload" "Python" {
                    properties {
                        "code" "pii.controls pii.uploads"
                    }
                }
                datasetJudge = component "Dataset judge" "Decides whether a dataset leaks, and says so without a value" "Python" {
                    properties {
                        "code" "pii.judge"
                    }
                }
                datasetReading = component "Dataset reading" "CSV, JSON, Parquet, text, archives; values and headers" "Python" {
                    properties {
                        "code" "pii.reading pii.values pii.header"
                    }
                }
                engine = component "Recognition engine" "Recognisers, the rule for a column, masking" "Python" {
                    properties {
                        "code" "pii.engine"
                    }
                }
                scrubbing = component "Scrubbing" "Keeps personal data out of requests and logs of an application" "Python" {
                    properties {
                        "code" "pii.scrubbing pii.__init__"
                    }
                }
            }

            evidence = container "Evidence report" "Turns results into a report for people who are no engineers" "Python, Jinja" {
                reportCommand = component "Report command" "`checkov-aiml report`" "Python, click" {
                    properties {
                        "code" "evidence.report_command"
                    }
                }
                evidenceDocument = component "Evidence document" "Results, answers, authors and frameworks as one document of plain values" "Python" {
                    properties {
                        "code" "evidence"
                    }
                }
                rendering = component "Rendering" "Writes the document as HTML, Markdown or JSON" "Python, Jinja" {
                    properties {
                        "code" "evidence.rendering"
                    }
                }
            }

            command = container "Command line" "`checkov-aiml`: path, list, explain, scan, doctor, init, report, pii" "Python, click" {
                entry = component "Commands" "Options, exit codes, one place for each command" "Python, click" {
                    properties {
                        "code" "cli __main__"
                    }
                }
                scan = component "Scan" "Runs Checkov and answers for the scan" "Python" {
                    properties {
                        "code" "scan answers checkov_run"
                    }
                }
                unlooked = component "Unlooked" "Finds what Checkov did not look at" "Python" {
                    properties {
                        "code" "unlooked unlooked_manifests unlooked_terraform"
                    }
                }
                loading = component "Loading" "Which controls load, tried in a process of its own" "Python" {
                    properties {
                        "code" "loading loading_probe doctor"
                    }
                }
                catalogue = component "Catalogue" "Finds every control by its place; says it in words" "Python" {
                    properties {
                        "code" "control_catalogue control_text"
                    }
                }
                changedFolders = component "Changed folders" "Which folders a change touches, for the pre-commit hook" "Python" {
                    properties {
                        "code" "changed_files"
                    }
                }
                writer = component "Writers" "Write documentation pages, a commented settings file and pipeline files" "Python" {
                    properties {
                        "code" "documentation settings_file settings_reference control_mentions recipes"
                    }
                }
            }
        }

        engineer -> repository "writes"
        engineer -> checkov "runs with --external-checks-dir"
        engineer -> aiml "runs its command"
        aiml -> checkov "registers controls with, and runs"
        checkov -> aiml "loads the controls of"
        engineer -> command "runs"
        auditor -> command "reads the answers and reports of"
        auditor -> aiml "reads findings and evidence of"
        checkov -> repository "parses"
        checkov -> checks "loads and runs"

        checks -> library "derives controls from"
        checks -> personalData "judges datasets with"
        checks -> checkov "takes categories from"
        library -> checkov "registers checks with"
        library -> tables "looks up defaults in"
        personalData -> library "reports by"
        personalData -> presidio "recognises with"
        personalData -> repository "reads datasets of"
        command -> checkov "runs, and reads its reports"
        command -> library "takes settings and notes from"
        command -> personalData "adds the dataset command of"
        personalData -> command "runs Checkov's reporting through"
        personalData -> checkov "borrows report forms of"

        evidence -> library "takes words of controls from"
        evidence -> tables "looks up frameworks in"
        evidence -> command "takes the catalogue from"
        command -> evidence "adds the report command of"
        command -> tables "copies pipeline files of"

        terraformChecks -> library "derives controls from"
        terraformChecks -> personalData "judges uploads with"
        terraformChecks -> checkov "takes categories from"
        kubernetesChecks -> library "derives controls from"
        kubernetesChecks -> personalData "judges ConfigMaps with"

        base -> terraformView "hands resources of"
        base -> kubernetesView "hands manifests of"
        base -> verdict "reports"
        base -> settings "asks"
        base -> journal "notes in"
        base -> checkov "registers checks with"
        judgements -> base "takes severities and words from"
        judgements -> terraformView "judges resources of"
        judgements -> kubernetesView "judges manifests of"
        judgements -> verdict "gives"
        judgements -> settings "asks"
        judgements -> checkov "takes categories from"
        judgements -> tables "looks up facts in"
        terraformView -> verdict "gives, in its vocabulary"
        terraformView -> settings "asks for markers"
        terraformView -> tables "looks up defaults in"
        kubernetesView -> terraformView "reads kubernetes resources by"
        kubernetesView -> verdict "says what is unknown by"
        kubernetesView -> settings "asks for markers"
        kubernetesView -> checkov "finds parsed files in"

        datasetCommand -> library "takes settings from"
        datasetCommand -> datasetControls "reports by"
        datasetCommand -> datasetJudge "judges by"
        datasetCommand -> datasetReading "reads by"
        datasetCommand -> engine "masks by"
        datasetCommand -> command "runs Checkov's reporting through"
        datasetCommand -> checkov "borrows report forms of"
        datasetControls -> library "derives controls from"
        datasetControls -> datasetJudge "judges by"
        datasetControls -> datasetReading "reads by"
        datasetControls -> checkov "takes categories from"
        datasetJudge -> library "takes settings from"
        datasetJudge -> datasetReading "reads by"
        datasetJudge -> engine "recognises by"
        engine -> library "takes settings from"
        engine -> datasetJudge "asks what leaks, to mask it"
        engine -> datasetReading "reads by"
        engine -> presidio "recognises with"
        scrubbing -> datasetReading "knows names of fields by"
        scrubbing -> engine "masks by"

        reportCommand -> evidenceDocument "makes"
        reportCommand -> rendering "writes by"
        reportCommand -> command "takes the catalogue from"
        evidenceDocument -> library "takes words of controls from"
        evidenceDocument -> command "takes the catalogue from"
        evidenceDocument -> tables "looks up frameworks in"
        rendering -> evidenceDocument "shows"

        entry -> library "takes settings from"
        entry -> personalData "adds the dataset command of"
        entry -> scan "starts"
        entry -> loading "starts"
        entry -> catalogue "lists and explains by"
        entry -> writer "writes settings by"
        scan -> library "takes settings and notes from"
        scan -> unlooked "asks what was lost"
        scan -> loading "asks what should load"
        scan -> catalogue "finds the checks directory by"
        scan -> checkov "runs"
        unlooked -> library "takes accepted paths from"
        unlooked -> catalogue "asks which kinds are judged"
        unlooked -> scan "looks through the run of"
        unlooked -> checkov "asks which files it reads"
        loading -> library "takes settings and notes from"
        loading -> catalogue "compares with"
        loading -> checkov "loads the controls as"
        catalogue -> library "collects controls of"
        catalogue -> personalData "collects the dataset control of"
        entry -> evidence "adds the report command of"
        entry -> changedFolders "asks what to scan"
        writer -> tables "copies pipeline files of"
        writer -> entry "writes the help of"
        writer -> library "writes the settings of"
        writer -> catalogue "writes the words of"
    }

    views {
        systemContext aiml "context" "Who uses it, and what it works with" {
            include *
            autoLayout
        }
        container aiml "containers" "What it is made of" {
            include *
            autoLayout
        }
        component checks "checks" "Inside the checks directory" {
            include *
            autoLayout
        }
        component library "library" "Inside the controls library" {
            include *
            autoLayout
        }
        component personalData "personal-data" "Inside the personal data part" {
            include *
            autoLayout
        }
        component evidence "evidence" "Inside the evidence report" {
            include *
            autoLayout
        }
        component command "command" "Inside the command line" {
            include *
            autoLayout
        }
    }
}
