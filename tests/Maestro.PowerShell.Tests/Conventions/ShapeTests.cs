using System.Management.Automation;

namespace Maestro.PowerShell.Tests.Conventions;

public sealed class ShapeTests
{
    // The engine's name for what each parameter of a subject is about. A parameter of one of these names has a completer.
    private static readonly string[] Subjects =
    [
        "SecurityGroup", "Member", "Gateway", "Session", "Operation", "Orchestrator", "Port", "AddPort", "RemovePort", "Destination", "Replace", "SkipCheck", "Weight", "Kind", "Check",
    ];

    public static TheoryData<string> Names => ModuleCmdlets.Names;

    public static TheoryData<string> ChangingNames => ModuleCmdlets.ChangingNames;

    [Fact]
    public void The_walk_finds_the_cmdlets_that_there_are() => Assert.Equal(46, ModuleCmdlets.All.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_verb_is_approved_and_the_noun_is_singular(string name)
    {
        var cmdlet = ModuleCmdlets.Named(name);
        var approved = new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(t => t.GetFields()).Select(f => (string)f.GetValue(null)!);

        Assert.Contains(cmdlet.Verb, approved);
        Assert.False(cmdlet.Noun.EndsWith('s'), cmdlet.Noun);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_lies_where_its_name_says(string name)
    {
        var cmdlet = ModuleCmdlets.Named(name);
        Assert.Equal(name.Replace("-", "", StringComparison.Ordinal) + "Command", cmdlet.ImplementingType.Name);
        Assert.StartsWith("Maestro.PowerShell.Cmdlets.", cmdlet.ImplementingType.Namespace, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_output_type_is_declared(string name) => Assert.NotEmpty(ModuleCmdlets.Named(name).OutputType);

    /// <summary>Only the two that make and list sessions have none to work in.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void There_is_a_Session_parameter(string name) =>
        Assert.Equal(name is not ("Connect-Maestro" or "Get-MaestroSession"), ModuleCmdlets.Named(name).Parameters.ContainsKey("Session"));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_changes_something_supports_WhatIf_and_Confirm_and_what_looks_does_not(string name)
    {
        var cmdlet = ModuleCmdlets.Named(name);
        Assert.Equal(ModuleCmdlets.IsChanging(cmdlet), ModuleCmdlets.Declared(cmdlet).SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(ChangingNames))]
    public void What_changes_something_takes_a_time_out_and_the_humans_words(string name)
    {
        var cmdlet = ModuleCmdlets.Named(name);
        Assert.True(cmdlet.Parameters.ContainsKey("Timeout"));
        Assert.True(cmdlet.Parameters.ContainsKey("Message"));
        if (cmdlet.Noun != "MaestroOperation") Assert.All(["SkipCheck", "OnUnfinished", "NoWait"], shared => Assert.True(cmdlet.Parameters.ContainsKey(shared), shared));
    }

    [Theory]
    [InlineData("Move-GroupMember")]
    [InlineData("Remove-GroupMember")]
    [InlineData("Remove-SecurityGroup")]
    [InlineData("Restart-GroupMember")]
    [InlineData("Restore-Policy")]
    [InlineData("Set-OrchestratorPort")]
    [InlineData("Stop-MaestroOperation")]
    [InlineData("Undo-MaestroOperation")]
    [InlineData("Undo-PendingChange")]
    public void Where_traffic_or_data_can_be_lost_the_impact_is_high(string name) => Assert.Equal(ConfirmImpact.High, ModuleCmdlets.Declared(ModuleCmdlets.Named(name)).ConfirmImpact);

    /// <summary>Publish-PendingChange becomes high with somebody else's changes, and has it for that.</summary>
    [Theory]
    [MemberData(nameof(ChangingNames))]
    public void Only_what_asks_has_Force(string name)
    {
        var cmdlet = ModuleCmdlets.Named(name);
        Assert.Equal(ModuleCmdlets.Declared(cmdlet).ConfirmImpact == ConfirmImpact.High || name == "Publish-PendingChange", cmdlet.Parameters.ContainsKey("Force"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_subject_parameter_completes(string name)
    {
        foreach (var parameter in ModuleCmdlets.Parameters(ModuleCmdlets.Named(name)).Where(p => Subjects.Contains(p.Name) && p.ParameterType != typeof(System.Net.IPAddress)))
        {
            Assert.True(parameter.Attributes.OfType<ArgumentCompleterAttribute>().Any(), $"{name} -{parameter.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(ChangingNames))]
    public void What_changes_something_takes_no_Name_and_no_Id_from_the_pipeline(string name)
    {
        var bound = ModuleCmdlets.Parameters(ModuleCmdlets.Named(name)).Where(p => p.ParameterSets.Values.Any(s => s.ValueFromPipelineByPropertyName));
        Assert.DoesNotContain(bound.SelectMany(p => p.Aliases.Prepend(p.Name)), n => n is "Name" or "Id");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void At_most_two_parameters_have_a_position_and_names_are_singular(string name)
    {
        var parameters = ModuleCmdlets.Parameters(ModuleCmdlets.Named(name)).ToList();
        Assert.All(parameters.SelectMany(p => p.ParameterSets.Select(s => (s.Key, s.Value.Position, p.Name))).GroupBy(p => p.Key), set => Assert.InRange(set.Count(p => p.Position >= 0), 0, 2));
        Assert.DoesNotContain(parameters, p => p.Name.EndsWith('s') && !p.Name.EndsWith("Address", StringComparison.Ordinal) && p.Name != "Connections");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_duration_is_read_as_people_write_it(string name)
    {
        foreach (var parameter in ModuleCmdlets.Parameters(ModuleCmdlets.Named(name)).Where(p => (Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType) == typeof(TimeSpan)))
        {
            Assert.Contains(parameter.Attributes, a => a.GetType().Name == "DurationAttribute");
        }
    }

    /// <summary>A new one belongs into Secrets/PlantedSecretTests and WrongSecretTests first.</summary>
    [Fact]
    public void Every_parameter_that_takes_a_secret_is_one_that_the_tests_plant_secrets_in()
    {
        var taking = ModuleCmdlets.All.SelectMany(c => ModuleCmdlets.Parameters(c).Where(p => p.ParameterType == typeof(PSCredential) || p.ParameterType == typeof(System.Security.SecureString)).Select(p => $"{c.Name} -{p.Name}"));
        Assert.Equal(["Connect-Maestro -Credential", "Connect-Maestro -KeyPassphrase"], taking.Order());
    }
}
