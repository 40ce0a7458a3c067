using System.Reflection;
using System.Reflection.Emit;
using Spindle.Models.Numerics;
using Spindle.Training.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Training.Tests;

/// <summary>No scalar is left to the collector while libtorch reads it, see <see cref="KeptScalars"/>.</summary>
public class KeptScalarsTests
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (ushort)code.Value);

    [Fact]
    public void No_code_of_models_and_training_makes_a_scalar_that_nothing_keeps()
    {
        var loose = new[] { typeof(KeptScalars).Assembly, typeof(Trainer).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type != typeof(KeptScalars) && type.DeclaringType != typeof(KeptScalars))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => Calls(method).Where(call => IsLoose(call, method)).Select(call => $"{method.DeclaringType}.{method.Name} calls {call.DeclaringType!.Name}.{call}"))
            .ToArray();
        Assert.True(loose.Length == 0, string.Join("\n", loose));
    }

    [Fact]
    public void Sums_survive_collections_that_other_threads_start()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var garbage = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[1 << 21]);
        });
        garbage.Start();
        using var scope = NewDisposeScope();
        var (left, right) = (ones(3), ones(3));
        while (!stop.IsCancellationRequested)
        {
            using var inner = NewDisposeScope();
            Assert.Equal(4.5, left.Plus(right).Times(2).Plus(0.5)[0].ToDouble());
        }
        garbage.Join();
    }

    private static bool IsLoose(MethodBase call, MethodInfo caller)
    {
        if (call is MethodInfo { Name: "op_Implicit" } made && made.ReturnType == typeof(Scalar)) return !Keeps(caller);
        if (call.DeclaringType != typeof(Tensor)) return false;
        var parameters = call.GetParameters();
        return call.Name is "square" or "softplus"
            || (call.Name is "add" or "add_" or "addcdiv" or "addcdiv_" && parameters[^1].ParameterType == typeof(Tensor))
            || (call.Name is "add" or "add_" && parameters is [{ ParameterType.Name: nameof(Scalar) }])
            || call.Name == "op_Addition"
            || (call.Name != "op_Implicit" && call.Name.StartsWith("op_", StringComparison.Ordinal) && parameters.Any(parameter => parameter.ParameterType.IsPrimitive));
    }

    // a scalar in a local that is disposed of at the end lives until then
    private static bool Keeps(MethodInfo caller)
    {
        var made = Calls(caller).Count(call => call is MethodInfo { Name: "op_Implicit" } method && method.ReturnType == typeof(Scalar));
        return caller.GetMethodBody()!.LocalVariables.Count(local => local.LocalType == typeof(Scalar)) >= made
            && Calls(caller).Count(call => call.Name == nameof(IDisposable.Dispose)) >= made;
    }

    private static IEnumerable<MethodBase> Calls(MethodInfo method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        for (var at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            if (value == 0xfe) value = (ushort)(0xfe00 | code[at++]);
            var operand = Codes[value].OperandType;
            if (operand == OperandType.InlineMethod
                && method.Module.ResolveMethod(BitConverter.ToInt32(code, at), method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null) is { } called)
                yield return called;
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }
}
