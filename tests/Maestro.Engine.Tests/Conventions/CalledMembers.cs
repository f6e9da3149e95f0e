using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Maestro.Engine.Tests.Conventions;

/// <summary>One thing that a method's code names: <c>System.IO.File::ReadAllText(System.String)</c>, or <c>box System.Int32</c>.</summary>
internal sealed record NamedInCode(string Method, string What);

/// <summary>Reads out of an assembly's code what its methods name. The compiler's own closures and state machines belong to the type that they lie in.</summary>
internal sealed class CalledMembers(MetadataReader metadata, PEReader file)
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields().Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => (ushort)c.Value);

    private readonly TypeNames _names = new();

    public static IReadOnlyList<NamedInCode> Of(string assembly, Func<string, bool> inNamespace)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var members = new CalledMembers(file.GetMetadataReader(), file);
        return [.. members.Read(inNamespace)];
    }

    private IEnumerable<NamedInCode> Read(Func<string, bool> inNamespace)
    {
        foreach (var handle in metadata.TypeDefinitions)
        {
            if (!inNamespace(NamespaceOf(handle))) continue;
            var type = metadata.GetTypeDefinition(handle);
            foreach (var methodHandle in type.GetMethods())
            {
                var method = metadata.GetMethodDefinition(methodHandle);
                if (method.RelativeVirtualAddress == 0) continue;
                var name = $"{_names.GetTypeFromDefinition(metadata, handle, 0)}.{metadata.GetString(method.Name)}";
                foreach (var what in ReadBody(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader())) yield return new NamedInCode(name, what);
            }
        }
    }

    private string NamespaceOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? NamespaceOf(outer) : metadata.GetString(type.Namespace);
    }

    private List<string> ReadBody(BlobReader code)
    {
        var named = new List<string>();
        while (code.RemainingBytes > 0)
        {
            var first = code.ReadByte();
            var opCode = Codes[first == 0xFE ? (ushort)(0xFE00 | code.ReadByte()) : first];
            switch (opCode.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.ReadByte();
                    break;
                case OperandType.InlineVar:
                    code.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    for (var left = code.ReadInt32(); left > 0; left--) code.ReadInt32();
                    break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType:
                    var text = Name(MetadataTokens.EntityHandle(code.ReadInt32()));
                    named.Add(opCode == OpCodes.Box ? "box " + text : text);
                    break;
                default:
                    code.ReadInt32();
                    break;
            }
        }

        return named;
    }

    private string Name(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                var name = $"{Name(member.Parent)}::{metadata.GetString(member.Name)}";
                return member.GetKind() == MemberReferenceKind.Method ? $"{name}({string.Join(",", member.DecodeMethodSignature(_names, null).ParameterTypes)})" : name;
            case HandleKind.MethodSpecification:
                return Name(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.TypeReference:
                return _names.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0);
            case HandleKind.TypeSpecification:
                return metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
            case HandleKind.TypeDefinition:
                return _names.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0);
            default:
                return "";
        }
    }
}
