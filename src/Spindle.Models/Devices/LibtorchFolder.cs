using System.Runtime.InteropServices;

namespace Spindle.Models.Devices;

/// <summary>libtorch from a folder of the user's choice instead of the one beside the program: for GPUs, without building anything.</summary>
public static class LibtorchFolder
{
    /// <summary>The environment variable that names the folder, which holds <c>libtorch_cpu.so</c> and the libraries beside it.</summary>
    public const string Variable = "SPINDLE_LIBTORCH";

    // the loader takes a library that is loaded already for every later request by its name, so order matters only for dependencies
    private static readonly string[] Linux = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so?", "libtorch_cuda.so?", "libtorch.so"];
    private static readonly string[] Windows = ["c10.dll", "torch_cpu.dll", "c10_cuda.dll?", "torch_cuda.dll?", "torch.dll"];
    private static readonly string[] MacOS = ["libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"];

    private static readonly Lock Gate = new();
    private static bool isDone;

    /// <summary>Loads libtorch from the folder that the environment names, if it names one. It must be called before anything else of libtorch; further calls do nothing.</summary>
    /// <exception cref="InvalidDataException">The folder has no libtorch, or it cannot be loaded; the message names the folder and the remedy.</exception>
    public static void Use()
    {
        lock (Gate)
        {
            if (isDone) return;
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder) Load(folder);
            isDone = true;
        }
    }

    private static void Load(string folder)
    {
        const string remedy = "name the folder 'lib' of libtorch 2.10, or unset the variable to use the libtorch beside the program";
        foreach (var name in OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? MacOS : Linux)
        {
            var file = Path.Combine(Path.GetFullPath(folder), name.TrimEnd('?'));
            if (!File.Exists(file))
            {
                if (name.EndsWith('?')) continue;
                throw new InvalidDataException($"{Variable}={folder}: {(Directory.Exists(folder) ? $"has no {name}" : "is no folder")}; {remedy}");
            }

            try
            {
                // never freed: libtorch stays for the life of the process
                NativeLibrary.Load(file);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                throw new InvalidDataException($"{Variable}={folder}: {name.TrimEnd('?')} cannot be loaded: {error.Message.Split('\n')[0].Trim()}; {remedy}", error);
            }
        }
    }
}
