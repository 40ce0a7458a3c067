using System.Runtime.InteropServices;

namespace Spindle.Models.Devices;

/// <summary>libtorch from a folder of the user's choice instead of the one beside the program: for GPUs, without building anything.</summary>
public static partial class LibtorchFolder
{
    /// <summary>The environment variable that names the folder, which holds <c>libtorch_cpu.so</c> and the libraries beside it.</summary>
    public const string Variable = "SPINDLE_LIBTORCH";

    // the loader takes a library that is loaded already for every later request by its name, so order matters only for dependencies
    private static readonly string[] Linux = ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so?", "libtorch_cuda.so?", "libtorch.so"];
    private static readonly string[] Windows = ["c10.dll", "torch_cpu.dll", "c10_cuda.dll?", "torch_cuda.dll?", "torch.dll"];
    private static readonly string[] MacOS = ["libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"];

    private const int LinkMap = 2; // RTLD_DI_LINKMAP

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
        if (!OperatingSystem.IsLinux() && OwnPath(OperatingSystem.IsWindows() ? "torch_cpu.dll" : "libtorch_cpu.dylib") is { } beside)
            throw new InvalidDataException($"{Variable}={folder}: the program has its own libtorch ({beside}), and on this system it cannot have two; build it with -p:SpindleTorch=none, or unset the variable");
        foreach (var name in OperatingSystem.IsWindows() ? Windows : OperatingSystem.IsMacOS() ? MacOS : Linux)
        {
            var file = Path.Combine(Path.GetFullPath(folder), name.TrimEnd('?'));
            if (!File.Exists(file))
            {
                if (name.EndsWith('?')) continue;
                throw new InvalidDataException($"{Variable}={folder}: {(Directory.Exists(folder) ? $"has no {name}" : "is not a folder")}; {remedy}");
            }

            try
            {
                // never freed: libtorch stays for the life of the process
                var library = NativeLibrary.Load(file);
                if (OwnPath(name.TrimEnd('?')) is { } own) Rename(library, own);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                throw new InvalidDataException($"{Variable}={folder}: {name.TrimEnd('?')} cannot be loaded: {error.Message.Split('\n')[0].Trim()}; {remedy}", error);
            }
        }
    }

    // where .NET looks for the library first; null where the program brings none
    private static string? OwnPath(string name) => (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory).Select(place => Path.Combine(place, name)).FirstOrDefault(File.Exists);

    // TorchSharp also loads the libtorch beside the program, by its path, and two of them in one process end it. The loader of Linux takes a library as loaded
    // when its own record of it has the path that is asked for, so the record gets that path.
    private static void Rename(nint library, string path)
    {
        if (GetInformation(library, LinkMap, out var record) == 0) Marshal.WriteIntPtr(record, nint.Size, Marshal.StringToCoTaskMemUTF8(path));
    }

    [LibraryImport("libdl.so.2", EntryPoint = "dlinfo")]
    private static partial int GetInformation(nint library, int request, out nint information);
}
