using Xunit.Abstractions;

namespace Maestro.Engine.Tests.Fabrics.Linux;

public sealed class SyncKillTests(ITestOutputHelper output) : KillTests(output, "sync");

public sealed class NewGroupKillTests(ITestOutputHelper output) : KillTests(output, "new");

public sealed class AddKillTests(ITestOutputHelper output) : KillTests(output, "add");

public sealed class PublishKillTests(ITestOutputHelper output) : KillTests(output, "publish");

public sealed class DiscardKillTests(ITestOutputHelper output) : KillTests(output, "discard");

public sealed class DescribeKillTests(ITestOutputHelper output) : KillTests(output, "describe");

public sealed class DistributeKillTests(ITestOutputHelper output) : KillTests(output, "distribute");

public sealed class WeighKillTests(ITestOutputHelper output) : KillTests(output, "weigh");

public sealed class FailoverKillTests(ITestOutputHelper output) : KillTests(output, "failover");

public sealed class SuspendKillTests(ITestOutputHelper output) : KillTests(output, "suspend");

public sealed class ResumeKillTests(ITestOutputHelper output) : KillTests(output, "resume");

public sealed class RestartKillTests(ITestOutputHelper output) : KillTests(output, "restart");

public sealed class LabelKillTests(ITestOutputHelper output) : KillTests(output, "label");

public sealed class RemoveKillTests(ITestOutputHelper output) : KillTests(output, "remove");

public sealed class MoveKillTests(ITestOutputHelper output) : KillTests(output, "move");

public sealed class RemoveGroupKillTests(ITestOutputHelper output) : KillTests(output, "end");
