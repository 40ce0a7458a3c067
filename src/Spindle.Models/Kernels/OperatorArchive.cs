using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Spindle.Models.Kernels;

/// <summary>Calls operators of libtorch that TorchSharp has no method for. A TorchScript archive is written in memory, because only a loaded archive can name
/// operators outside of the namespace <c>aten</c>.</summary>
internal static class OperatorArchive
{
    private const string Head = "class Operators(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

    // protocol 2: an object of the class without arguments, with the attribute training = False
    private const string Instance = "\u0080\u0002c__torch__\nOperators\n)\u0081}X\u0008\0\0\0training\u0089sb.";

    private const string NoConstants = "\u0080\u0002).";

    /// <summary>Loads an archive of one class with some methods.</summary>
    /// <param name="methods">The methods in TorchScript, each indented by two spaces.</param>
    /// <exception cref="Exception">This libtorch does not have an operator that the methods name.</exception>
    public static jit.ScriptModule Load(string methods)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Put(zip, "data.pkl", Instance);
            Put(zip, "code/__torch__.py", Head + methods.ReplaceLineEndings("\n") + "\n");
            Put(zip, "constants.pkl", NoConstants);
            Put(zip, "version", "3\n");
        }
        return jit.load(stream.ToArray());
    }

    private static void Put(ZipArchive zip, string name, string content)
    {
        using var entry = zip.CreateEntry($"operators/{name}", CompressionLevel.NoCompression).Open();
        entry.Write(Encoding.Latin1.GetBytes(content));
    }
}
