using System.Diagnostics;

namespace Spindle.Cli.Tests;

/// <summary>Completion of commands, options and values in a shell.</summary>
public class CompletionTests
{
    [Theory]
    [InlineData("spindle sea", "search")]
    [InlineData("spindle report --f", "--format")]
    [InlineData("spindle report study.db --format mark", "markdown")]
    [InlineData("spindle backbones sh", "show")]
    [InlineData("spindle completion f", "fish")]
    [InlineData("spindle report --outp", "--output")]
    public async Task Bash_completes_commands_options_and_values(string line, string completed)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "bash is not installed");
        var words = string.Join(' ', line.Split(' ').Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "-c", $"source <(spindle completion bash); COMP_LINE='{line}'; COMP_POINT={line.Length}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _spindle; printf '%s\\n' \"${{COMPREPLY[@]}}\"" },
        };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal([completed], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("zsh", "compdef _spindle spindle")]
    [InlineData("fish", "complete -c spindle")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task Other_shells_have_their_script(string shell, string line)
    {
        var (code, output, _) = await SpindleProcess.Run(null, "completion", shell);
        Assert.Equal(0, code);
        Assert.Contains(line, output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused_in_one_line()
    {
        var (code, _, errors) = await SpindleProcess.Run(null, "completion", "cmd");
        Assert.Equal(2, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.All((string[])["'cmd'", "bash", "zsh", "fish", "powershell"], word => Assert.Contains(word, errors, StringComparison.Ordinal));
    }
}
