using System.CommandLine;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle completion</c>: the script that completes commands and options in a shell. It asks the parser itself, by its directive <c>[suggest:POSITION]</c>.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _spindle() {
          local IFS=$'\n'
          local word=${COMP_WORDS[COMP_CWORD]} found=$(spindle "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null | grep -v '^[/-][?h]$')
          # options only where one is begun, so that names of files are completed elsewhere
          [[ $word == -* ]] || found=$(grep -v '^-' <<< "$found")
          COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o default -F _spindle spindle
        """;

    private const string Zsh = """
        #compdef spindle
        _spindle() {
          local -a found
          found=("${(@f)$(spindle "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null | grep -v '^[/-][?h]$')}")
          compadd -a found
          _files
        }
        compdef _spindle spindle
        """;

    private const string Fish = """
        complete -c spindle -a '(set -l line (commandline -cp); spindle "[suggest:"(string length -- $line)"]" $line 2> /dev/null | grep -v "^[/-][?h]\$")'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName spindle -ScriptBlock {
            param($word, $line, $position)
            spindle "[suggest:$position]" "$line" 2> $null | Where-Object { $_ -like "$word*" -and $_ -notmatch '^[/-][?h]$' } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        var command = new Command("completion",
            "Prints the script that completes commands and options in a shell. For bash, add 'source <(spindle completion bash)' to ~/.bashrc; for zsh, the same to ~/.zshrc after compinit; "
            + "for fish, save it as ~/.config/fish/completions/spindle.fish; for PowerShell, add 'spindle completion powershell | Out-String | Invoke-Expression' to $PROFILE.\n\n"
            + "Example:\n  spindle completion bash") { shell };
        command.SetAction(parsed =>
        {
            Console.WriteLine(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => PowerShell,
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
