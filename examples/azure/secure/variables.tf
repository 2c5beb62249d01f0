variable "subscription_id" {
  description = "Subscription that the estate is made in."
  type        = string
  default     = "00000000-0000-0000-0000-000000000000"
}

variable "name" {
  description = "Name of the service; part of every resource's name."
  type        = string
  default     = "referral-triage"
}

variable "short_name" {
  description = "The same in at most 12 letters and digits, for names that allow no more."
  type        = string
  default     = "reftriage"
}

variable "location" {
  description = "Azure region."
  type        = string
  default     = "uksouth"

  validation {
    condition     = contains(["uksouth", "ukwest"], var.location)
    error_message = "Patient data stays in the United Kingdom: use uksouth or ukwest."
  }
}

variable "environment" {
  description = "Stage: dev, staging, preprod or prod."
  type        = string
  default     = "prod"
}

variable "cost_center" {
  description = "Cost centre that pays for the service."
  type        = string
  default     = "clinical-analytics"
}

variable "address_space" {
  description = "Address range of the virtual network."
  type        = string
  default     = "10.50.0.0/22"
}

variable "key_expiry" {
  description = "When the encryption key expires; the rotation policy replaces it before."
  type        = string
  default     = "2028-03-31T00:00:00Z"
}

variable "model_version" {
  description = "Approved version of the registered model."
  type        = string
  default     = "2"
}

variable "callers_group_object_id" {
  description = "Entra object id of the group whose members and applications call the endpoint."
  type        = string
  default     = "00000000-0000-0000-0000-000000000000"
}

variable "researcher_object_id" {
  description = "Object id of the person whose workbench it is."
  type        = string
  default     = "00000000-0000-0000-0000-000000000000"
}
