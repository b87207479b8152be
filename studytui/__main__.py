"""``python -m studytui`` is the console script, for where its folder is not on the PATH."""

from studytui.cli import main

if __name__ == "__main__":
    main()
