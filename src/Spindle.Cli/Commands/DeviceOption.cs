using System.CommandLine;
using Spindle.Models.Devices;

namespace Spindle.Cli.Commands;

/// <summary>The option <c>--device</c>: what computes.</summary>
internal static class DeviceOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="otherwise">What computes without it.</param>
    public static Option<string?> Create(string otherwise)
    {
        var option = new Option<string?>("--device") { Description = $"The device that computes; {otherwise}.", HelpName = "auto|cpu|cuda|cuda:N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !DeviceChoice.TryParse(token.Value, out _)) is { } wrong) result.AddError($"--device {wrong.Value}: write {DeviceChoice.Forms}.");
        });
        return option;
    }

    /// <summary>The option of commands that predict.</summary>
    public static Option<string?> Create() => Create("the first GPU that libtorch can use, else the CPU, by default");

    /// <summary>The device, or null where it was not given.</summary>
    public static DeviceChoice? Read(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } text ? DeviceChoice.Parse(text) : null;
}
