using System.Runtime.InteropServices;

namespace Spindle.Models.Numerics;

/// <summary>The environment variables that native libraries of this process read. .NET's own variables are a copy that they do not see.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable that the user has not set. Libraries that have read it already do not see it.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    public static void Set(string name, string value)
    {
        if (!OperatingSystem.IsWindows()) _ = SetVariable(name, value, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
