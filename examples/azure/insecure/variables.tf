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
}

# "New models come there first": no check on it, and Sweden is not in the United Kingdom.
variable "hub_location" {
  description = "Azure region of the AI Foundry hub."
  type        = string
  default     = "swedencentral"
}

variable "address_space" {
  description = "Address range of the virtual network."
  type        = string
  default     = "10.50.0.0/22"
}

variable "ssh_public_key" {
  description = "Public key of whoever may log in to the nodes."
  type        = string
  default     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleEx example"
}
