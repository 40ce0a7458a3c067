using System.Buffers.Binary;
using System.Text;
using Spindle.Models.Checkpoints;
using Spindle.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    // a header is read and parsed, so what is allocated is a small multiple of the file, never of what the file claims
    private const long LargestAllocation = 1_000_000;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("spindle-safetensors-");

    public void Dispose() => folder.Delete(recursive: true);

    public static TheoryData<string, string> DamagedHeaders => new()
    {
        { "not JSON", "this is not JSON" },
        { "cut JSON", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""" },
        { "not an object", "[1, 2, 3]" },
        { "a number", "17" },
        { "null", "null" },
        { "deeply nested", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]" },
        { "an entry that is not an object", """{"a":17}""" },
        { "an entry that is null", """{"a":null}""" },
        { "no type", """{"a":{"shape":[2],"data_offsets":[0,8]}}""" },
        { "no shape", """{"a":{"dtype":"F32","data_offsets":[0,8]}}""" },
        { "no offsets", """{"a":{"dtype":"F32","shape":[2]}}""" },
        { "an unknown type", """{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""" },
        { "a type that is null", """{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""" },
        { "a type that is a number", """{"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""" },
        { "a shape that is not an array", """{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""" },
        { "a shape of texts", """{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""" },
        { "a shape of fractions", """{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""" },
        { "a negative size", """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""" },
        { "two negative sizes", """{"a":{"dtype":"F32","shape":[-2,-1],"data_offsets":[0,8]}}""" },
        { "a size beyond 64 bits", """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""" },
        { "a shape whose product overflows", """{"a":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]}}""" },
        { "a shape whose product overflows to the length", """{"a":{"dtype":"F32","shape":[4611686018427387905,2],"data_offsets":[0,8]}}""" },
        { "a huge shape", """{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,8]}}""" },
        { "a huge shape with offsets to match", """{"a":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}""" },
        { "nothing of a huge size", """{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""" },
        { "a huge number of dimensions", $$$"""{"a":{"dtype":"F32","shape":[{{{string.Join(',', Enumerable.Repeat("1", 1000))}}}],"data_offsets":[0,4]}}""" },
        { "bytes too few for the shape", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""" },
        { "bytes too many for the shape", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""" },
        { "one offset", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""" },
        { "three offsets", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""" },
        { "a negative offset", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""" },
        { "reversed offsets", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""" },
        { "an offset beyond the file", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}""" },
        { "an end beyond the file", """{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}""" },
        { "an offset beyond 64 bits", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551624]}}""" },
        { "offsets of fractions", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0.5,8.5]}}""" },
        {
            "overlapping tensors",
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"""
        },
        {
            "two tensors over the same bytes",
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"""
        },
        {
            "one tensor inside another",
            """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""
        },
        {
            "a name twice",
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""
        },
        { "metadata that is not an object", """{"__metadata__":[1]}""" },
        { "metadata of numbers", """{"__metadata__":{"a":1}}""" },
        { "a name with line breaks and no type", "{\"a\\nb\\r\\u2028c\":{\"dtype\":\"F\\n32\",\"shape\":[1],\"data_offsets\":[0,4]}}" },
        { "a name with half a surrogate", """{"\ud800":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""" },
        { "a very long name", $$$"""{"{{{new string('n', 20_000)}}}":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""" },
    };

    [Theory]
    [MemberData(nameof(DamagedHeaders))]
    public void A_damaged_header_is_refused_in_one_short_line_without_a_large_allocation(string what, string header)
    {
        var path = Write(header, new byte[16]);
        AssertRefused(path, what);
    }

    public static TheoryData<string, byte[]> DamagedFiles => new()
    {
        { "empty", [] },
        { "shorter than a length", [1, 2, 3] },
        { "a length alone", [2, 0, 0, 0, 0, 0, 0, 0] },
        { "a length of nothing", [0, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'] },
        { "a length beyond the file", [200, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'] },
        { "a length beyond all memory", [255, 255, 255, 255, 255, 255, 255, 127, (byte)'{', (byte)'}'] },
        { "a negative length", [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{', (byte)'}'] },
        { "invalid UTF-8", [9, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}'] },
        { "a pickle", "\u0080\u0002}q\u0000(X\u0006\u0000\u0000\u0000weightq\u0001ctorch._utils\n_rebuild_tensor_v2\n"u8.ToArray() },
        { "a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1\nsize 90868376\n"u8.ToArray() },
        { "a web page", "<!DOCTYPE html><html><body>Entry not found</body></html>"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void A_file_of_something_else_is_refused_in_one_short_line_without_a_large_allocation(string what, byte[] content)
    {
        var path = Path.Combine(folder.FullName, "model.safetensors");
        File.WriteAllBytes(path, content);
        AssertRefused(path, what);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(Write(
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}""", new byte[16]));
        var path = Path.Combine(folder.FullName, "cut.safetensors");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertRefused(path, $"the first {length} bytes");
        }
        File.WriteAllBytes(path, whole);
        SafetensorsFile.Open(path).Dispose();
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_read_or_refused_and_nothing_else()
    {
        var whole = File.ReadAllBytes(Write(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[8,16]}}""", new byte[16]));
        var path = Path.Combine(folder.FullName, "changed.safetensors");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((at, value, other, another) =>
        {
            byte[] changed = [.. whole];
            (changed[at], changed[other]) = (value, another);
            File.WriteAllBytes(path, changed);
            try
            {
                using var scope = NewDisposeScope();
                using var file = SafetensorsFile.Open(path);
                foreach (var name in file.Tensors.Keys) file.Read(name);
            }
            catch (InvalidDataException error)
            {
                Assert.DoesNotContain('\n', error.Message);
            }
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_is_refused_when_it_is_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps an open file as it is");
        var path = Write("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", new byte[16]);
        using var file = SafetensorsFile.Open(path);
        // beside the lock that .NET takes on the file
        var bytes = File.ReadAllBytes(path);
        using (var process = System.Diagnostics.Process.Start("truncate", ["-s", $"{bytes.Length - 1}", path])) process.WaitForExit();
        Assert.Throws<InvalidDataException>(() => file.Read("a"));
    }

    [Fact]
    public void A_tensor_that_is_not_there_and_a_file_that_is_not_there_are_named()
    {
        using var file = SafetensorsFile.Open(Write("{}", []));
        Assert.Contains("'b'", Assert.Throws<InvalidDataException>(() => file.Read("b")).Message);
        var absent = Path.Combine(folder.FullName, "absent");
        Assert.Contains(absent, Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(absent)).Message);
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(folder.FullName));
    }

    [Fact]
    public void Every_type_is_read_unchanged_or_converted()
    {
        var content = new byte[64];
        BinaryPrimitives.WriteDoubleLittleEndian(content, 1.5);
        BinaryPrimitives.WriteSingleLittleEndian(content.AsSpan(8), -2.25f);
        BinaryPrimitives.WriteHalfLittleEndian(content.AsSpan(12), (Half)0.5f);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(14), 0x3fc0); // 1.5 in bfloat16
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(16), -7);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(24), 9);
        BinaryPrimitives.WriteInt16LittleEndian(content.AsSpan(28), -3);
        (content[30], content[31], content[32]) = (unchecked((byte)-5), 200, 1);
        var path = Write(
            """
            {"f64":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"f32":{"dtype":"F32","shape":[],"data_offsets":[8,12]},
             "f16":{"dtype":"F16","shape":[1,1],"data_offsets":[12,14]},"bf16":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]},
             "i64":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},"i32":{"dtype":"I32","shape":[1],"data_offsets":[24,28]},
             "i16":{"dtype":"I16","shape":[1],"data_offsets":[28,30]},"i8":{"dtype":"I8","shape":[1],"data_offsets":[30,31]},
             "u8":{"dtype":"U8","shape":[1],"data_offsets":[31,32]},"bool":{"dtype":"BOOL","shape":[1],"data_offsets":[32,33]},
             "none":{"dtype":"F32","shape":[0,7],"data_offsets":[33,33]}}
            """, content);
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var values = new Dictionary<string, double>
        {
            ["f64"] = 1.5,
            ["f32"] = -2.25,
            ["f16"] = 0.5,
            ["bf16"] = 1.5,
            ["i64"] = -7,
            ["i32"] = 9,
            ["i16"] = -3,
            ["i8"] = -5,
            ["u8"] = 200,
            ["bool"] = 1,
        };
        foreach (var (name, value) in values)
        {
            Assert.Equal(value, file.Read(name, ScalarType.Float32).ToDouble());
            Assert.Equal(file.Tensors[name].Type, file.Read(name).dtype);
        }
        Assert.Equal([0L, 7L], file.Read("none").shape);
        Assert.Equal([], file.Read("f32").shape);
        Assert.Equal([1L, 1L], file.Read("f16").shape);
    }

    private static void AssertRefused(string path, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Exception? caught = null;
        try
        {
            SafetensorsFile.Open(path).Dispose();
        }
        catch (Exception error)
        {
            caught = error;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(caught is InvalidDataException, $"{what}: {caught?.ToString() ?? "was read"}");
        var message = caught!.Message;
        Assert.True(allocated < LargestAllocation, $"{what}: allocated {allocated} bytes");
        Assert.StartsWith(path, message);
        Assert.True(message.Length < path.Length + 700, $"{what}: the message has {message.Length} characters");
        Assert.DoesNotContain(message, character => char.IsControl(character) || character is '\u2028' or '\u2029');
        File.Delete(path);
    }

    [Theory]
    [InlineData("""{"a":{"shape":[1""", ",1", "]}}")]
    [InlineData("{\"__metadata__\":{\"a\":\"\"", ",\"a\":\"\"", "}}")]
    [InlineData("{\"a\":[[]", ",[]", "]}")]
    public void A_long_header_takes_memory_in_proportion_to_it(string start, string repeated, string end)
    {
        var path = Write(start + string.Concat(Enumerable.Repeat(repeated, 20_000_000 / repeated.Length)) + end, []);
        Allocation.IsBounded(path, () =>
        {
            try
            {
                SafetensorsFile.Open(path).Dispose();
            }
            catch (InvalidDataException error)
            {
                Assert.StartsWith(path, error.Message);
            }
        });
    }

    [Fact]
    public void A_header_of_many_tensors_takes_memory_in_proportion_to_it()
    {
        var path = Write($"{{{string.Join(',', Enumerable.Range(0, 200_000).Select(index => $$$"""
            "{{{index}}}":{"dtype":"F32","shape":[],"data_offsets":[0,0]}
            """.Replace("[]", "[0]", StringComparison.Ordinal)))}}}", []);
        Allocation.IsBounded(path, () =>
        {
            using var file = SafetensorsFile.Open(path);
            Assert.Equal(200_000, file.Tensors.Count);
        });
    }

    private string Write(string header, byte[] content)
    {
        var path = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        using var stream = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        stream.Write(length);
        stream.Write(text);
        stream.Write(content);
        return path;
    }
}
