using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Numerics;

/// <summary>Copies from the CPU's memory to another device.</summary>
public static class Uploads
{
    /// <summary>The tensor on a device: itself where both are the CPU. From memory that stays in its place, a copy to a GPU does not hold up the CPU.</summary>
    /// <param name="tensor">The tensor, in the CPU's memory or on the device already.</param>
    /// <param name="device">The device.</param>
    public static Tensor Upload(this Tensor tensor, Device device) => (tensor.device_type, device.type) switch
    {
        (DeviceType.CPU, DeviceType.CPU) => tensor,
        (DeviceType.CPU, DeviceType.CUDA) => tensor.pin_memory().to(device, non_blocking: true),
        _ => tensor.to(device),
    };
}
