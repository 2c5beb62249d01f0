"""`python -m checkov_aiml` is the command `checkov-aiml`."""

from checkov_aiml.cli import main

if __name__ == "__main__":
    main(prog_name="checkov-aiml")
