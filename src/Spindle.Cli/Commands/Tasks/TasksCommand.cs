using System.CommandLine;

namespace Spindle.Cli.Commands.Tasks;

/// <summary><c>spindle tasks</c>: lists and shows tasks.</summary>
internal static class TasksCommand
{
    public static Command Create() => new("tasks", "Lists and shows tasks.") { ListCommand.Create(), ShowCommand.Create() };
}
