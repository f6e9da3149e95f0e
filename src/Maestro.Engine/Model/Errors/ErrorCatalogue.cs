using System.Reflection;

namespace Maestro.Engine.Model.Errors;

/// <summary>Every failure that a user can meet, in one place. <c>docs/errors.md</c> is checked against it by a test.</summary>
public static class ErrorCatalogue
{
    // Sessions
    public static readonly ErrorCode NotConnected = New("NotConnected", ErrorKind.ConnectionError, "There is no open session.", "Run Connect-Maestro first.");
    public static readonly ErrorCode SessionNotFound = New("SessionNotFound", ErrorKind.ObjectNotFound, "No session has that name.", "Get-MaestroSession lists the open ones.");
    public static readonly ErrorCode SessionMismatch = New("SessionMismatch", ErrorKind.InvalidArgument, "The object comes from another session than the one named.", "Leave -Session out, or fetch the object again from that session.");
    public static readonly ErrorCode SessionReadOnly = New("SessionReadOnly", ErrorKind.PermissionDenied, "The session was opened with -ReadOnly and changes nothing.", "Open another session without -ReadOnly.");
    public static readonly ErrorCode ConfirmationRequired = New("ConfirmationRequired", ErrorKind.InvalidOperation, "The change needs a confirmation and nobody can answer it.", "Add -Force or -Confirm:$false.");
    public static readonly ErrorCode FabricCannot = New("FabricCannot", ErrorKind.NotImplemented, "The fabric of this session does not offer that.", "The message names the way out.");
    public static readonly ErrorCode ParameterInvalid = New("ParameterInvalid", ErrorKind.InvalidArgument, "The parameters do not make sense together.", "See Get-Help for the cmdlet's parameter sets.");

    // Inventory and SSH
    public static readonly ErrorCode InventoryInvalid = New("InventoryInvalid", ErrorKind.InvalidData, "The inventory file has faults; each is named with line and column.", "Correct the file; the schema maestro-inventory-1.schema.json is shipped with the module.");
    public static readonly ErrorCode KeyUnknown = New("KeyUnknown", ErrorKind.SecurityError, "The host shows a key that nobody has vouched for.", "Compare the fingerprint on the host's console, then add the parameter that the message prints.");
    public static readonly ErrorCode KeyChanged = New("KeyChanged", ErrorKind.SecurityError, "The host shows another key than the one on record.", "Somebody may be in between. Verify on the host's console before you remove the old key.");
    public static readonly ErrorCode KeyRevoked = New("KeyRevoked", ErrorKind.SecurityError, "The host shows a key that is marked as revoked.", "Give the host a new key.");
    public static readonly ErrorCode LoginRefused = New("LoginRefused", ErrorKind.AuthenticationError, "The host refused the login or the change of user.", "Check the user, the key and the passwordless sudo rule of that host.");
    public static readonly ErrorCode MemberUnreachable = New("MemberUnreachable", ErrorKind.ConnectionError, "The gateway does not answer.", "Check its power and network, or leave it out with -SkipCheck Reachable where the cmdlet offers that.");

    // Groups, members and gateways
    public static readonly ErrorCode GroupNotFound = New("GroupNotFound", ErrorKind.ObjectNotFound, "No Security Group has that name or id.", "Get-SecurityGroup lists them.");
    public static readonly ErrorCode GroupExists = New("GroupExists", ErrorKind.ResourceExists, "A Security Group of that name exists already.", "Choose another name, or use the one that is there.");
    public static readonly ErrorCode GroupNameInvalid = New("GroupNameInvalid", ErrorKind.InvalidArgument, "That cannot be a group's name.", "Use a letter first, then letters, digits, '-', '_' or '.', at most 63; a text of digits is an id.");
    public static readonly ErrorCode GroupAmbiguous = New("GroupAmbiguous", ErrorKind.InvalidArgument, "More than one Security Group has that name.", "Use the id.");
    public static readonly ErrorCode MemberNotFound = New("MemberNotFound", ErrorKind.ObjectNotFound, "The Security Group has no such member.", "Get-GroupMember lists them.");
    public static readonly ErrorCode MemberStateInvalid = New("MemberStateInvalid", ErrorKind.InvalidOperation, "The member is in a state that does not allow this.", "Get-GroupMember shows its state and reason.");
    public static readonly ErrorCode DrainTimedOut = New("DrainTimedOut", ErrorKind.OperationTimeout, "The member did not leave the distribution in time and was put back.", "Raise -DrainTimeout, or move its flows with -Drain Move instead of waiting for their end.");
    public static readonly ErrorCode GatewayNotFound = New("GatewayNotFound", ErrorKind.ObjectNotFound, "No gateway has that id.", "Get-Gateway lists them.");
    public static readonly ErrorCode GatewayInUse = New("GatewayInUse", ErrorKind.ResourceExists, "The gateway belongs to another Security Group.", "Use Move-GroupMember.");
    public static readonly ErrorCode PortNotFound = New("PortNotFound", ErrorKind.ObjectNotFound, "No orchestrator port has that id or name.", "Get-OrchestratorPort lists them.");
    public static readonly ErrorCode PortInUse = New("PortInUse", ErrorKind.ResourceExists, "The port belongs to another Security Group.", "Choose a free one: Get-OrchestratorPort -Free.");
    public static readonly ErrorCode OrchestratorNotFound = New("OrchestratorNotFound", ErrorKind.ObjectNotFound, "No orchestrator has that id.", "Get-Orchestrator lists them.");
    public static readonly ErrorCode CapacityGuard = New("CapacityGuard", ErrorKind.LimitsExceeded, "The change would leave the group with too little capacity.", "Add a member first, or waive the gate with -SkipCheck Capacity.");
    public static readonly ErrorCode DistributionMoved = New("DistributionMoved", ErrorKind.ResourceBusy, "The distribution table was changed by somebody else meanwhile.", "Look at it with Get-GroupDistribution and run the change again.");
    public static readonly ErrorCode DistributionNotProven = New("DistributionNotProven", ErrorKind.InvalidOperation, "An orchestrator says that it took the distribution table, but its kernel lists another.", "Get-GroupDistribution shows what it goes by; look at what else writes to its nftables, rules and routes.");
    public static readonly ErrorCode DistributionAsymmetric = New("DistributionAsymmetric", ErrorKind.InvalidArgument, "The mode sends the two directions of a flow to two members, and nobody brings them together.", "Use mode General or AutoTopology.");
    public static readonly ErrorCode NatNotDistributable = New("NatNotDistributable", ErrorKind.InvalidOperation, "The policy translates addresses in a way that no distribution can follow.", "The message names each statement, why, and what would help. -SkipCheck Nat goes on in spite of it.");
    public static readonly ErrorCode RedundancyForeign = New("RedundancyForeign", ErrorKind.ResourceExists, "An orchestrator's keepalived.conf is somebody else's and does not include Maestro's file.", "Add the line 'include /etc/keepalived/maestro.conf' to it, or take the ports' virtualAddress out of the inventory.");
    public static readonly ErrorCode RedundancyNotProven = New("RedundancyNotProven", ErrorKind.InvalidOperation, "An orchestrator took the distribution table, but its keepalived does not give addresses by it.", "The message says what is not so. Look at the host's keepalived, and run the change again.");
    public static readonly ErrorCode OrchestratorNotReady = New("OrchestratorNotReady", ErrorKind.InvalidOperation, "No other orchestrator can take over the addresses.", "The message says why. Bring the other one in step: Set-GroupDistribution with the mode that the group has.");
    public static readonly ErrorCode ConnectionsNotMoved = New("ConnectionsNotMoved", ErrorKind.InvalidOperation, "Connections could not be brought to the member that is to carry them.", "The message names the member and why. Look at its limit of connections (net.netfilter.nf_conntrack_max) and at its package conntrack.");
    public static readonly ErrorCode GroupUnsettled = New("GroupUnsettled", ErrorKind.InvalidOperation, "Named members of the group could not be brought to either side.", "Bring the named members back and run the change again; it settles them first.");

    // Pending changes
    public static readonly ErrorCode ForeignChange = New("ForeignChange", ErrorKind.ResourceBusy, "Somebody else has pending changes, and applying is all or nothing.", "Get-PendingChange shows them. Ask their owner, or use Publish-PendingChange -IncludeForeign.");
    public static readonly ErrorCode PendingConflict = New("PendingConflict", ErrorKind.ResourceBusy, "A pending change already touches the same thing.", "Publish or undo what is pending first.");

    // Policy
    public static readonly ErrorCode PolicyInvalid = New("PolicyInvalid", ErrorKind.InvalidData, "The policy has faults; each is named with file, line and column.", "Correct the policy. Nothing was sent to any member's kernel.");
    public static readonly ErrorCode PolicyNotFound = New("PolicyNotFound", ErrorKind.ObjectNotFound, "There is no policy at that path, or no intended version to heal to.", "Give -Path a file or a folder of fragments.");
    public static readonly ErrorCode PolicyVersionNotFound = New("PolicyVersionNotFound", ErrorKind.ObjectNotFound, "The group has no such policy version.", "Get-PolicyVersion lists those that there are.");
    public static readonly ErrorCode PolicyRefused = New("PolicyRefused", ErrorKind.InvalidData, "A member refused the policy.", "The message carries the member's own words.");
    public static readonly ErrorCode PolicyTableForeign = New("PolicyTableForeign", ErrorKind.ResourceExists, "The policy names a table that exists on a member and is not ours.", "Rename the table in the policy, or remove the other one on the member.");
    public static readonly ErrorCode PolicyReverted = New("PolicyReverted", ErrorKind.OperationTimeout, "A member took the policy back by itself: its revert timer ran out before the policy was confirmed.", "Run it again, with a longer -RevertAfter if the members or the probes need it.");
    public static readonly ErrorCode GroupUnhealthy = New("GroupUnhealthy", ErrorKind.InvalidOperation, "Members that carried the group's traffic stopped to after the change was on them.", "The message names them. Every member that answers went back to what it had before. -SkipCheck Health decides without that question.");
    public static readonly ErrorCode ProbeFailed = New("ProbeFailed", ErrorKind.InvalidOperation, "A probe was not content with what the change did.", "The message says what the probe saw. Every member went back to what it had before.");
    public static readonly ErrorCode PolicyNotProven = New("PolicyNotProven", ErrorKind.InvalidOperation, "A member says it loaded the policy, but its kernel shows something else.", "Look at the member by hand; the operation put back what it could.");

    // Checks
    public static readonly ErrorCode CheckFailed = New("CheckFailed", ErrorKind.InvalidOperation, "A check of a group did not pass, and -FailOn makes that an error.", "The message says what was seen and what to do.");

    // Configuration
    public static readonly ErrorCode ConfigurationInvalid = New("ConfigurationInvalid", ErrorKind.InvalidData, "The configuration has faults; each is named with file, line and column.", "Correct the file; the schema maestro-configuration-1.schema.json is shipped with the module. Nothing was sent.");
    public static readonly ErrorCode ConfigurationNotFound = New("ConfigurationNotFound", ErrorKind.ObjectNotFound, "There is no configuration at that path, or no intended version to heal to.", "Give -Path a configuration in JSON.");
    public static readonly ErrorCode ConfigurationVersionNotFound = New("ConfigurationVersionNotFound", ErrorKind.ObjectNotFound, "The group has no such configuration version.", "Get-ConfigurationVersion lists those that there are.");
    public static readonly ErrorCode ConfigurationRefused = New("ConfigurationRefused", ErrorKind.InvalidData, "A member cannot have the configuration.", "The message names each item and what stands against it.");
    public static readonly ErrorCode ConfigurationItemForeign = New("ConfigurationItemForeign", ErrorKind.ResourceExists, "The configuration names an item that somebody else manages on a member.", "Take the item out of the configuration, or out of the other's hands on the member.");
    public static readonly ErrorCode ConfigurationReverted = New("ConfigurationReverted", ErrorKind.OperationTimeout, "A member took the configuration back by itself: its revert timer ran out before the configuration was confirmed.", "Run it again, with a longer -RevertAfter if the members need it.");
    public static readonly ErrorCode ConfigurationNotProven = New("ConfigurationNotProven", ErrorKind.InvalidOperation, "A member says it took the configuration, but what it reads back is something else.", "Look at the member by hand; the operation put back what it could.");

    // Operations
    public static readonly ErrorCode LeaseHeld = New("LeaseHeld", ErrorKind.ResourceBusy, "Another run holds the group.", "Wait for it (Wait-MaestroOperation), or stop it (Stop-MaestroOperation).");
    public static readonly ErrorCode LeaseLost = New("LeaseLost", ErrorKind.ResourceBusy, "Another run took the group over while this one was away.", "Get-MaestroOperation shows who holds it now.");
    public static readonly ErrorCode TimedOut = New("TimedOut", ErrorKind.OperationTimeout, "The wanted state was not seen in time.", "The operation is paused: Resume-MaestroOperation goes on. Raise -Timeout if that is normal here.");
    public static readonly ErrorCode OperationNotFound = New("OperationNotFound", ErrorKind.ObjectNotFound, "No operation has that id.", "Get-MaestroOperation lists them.");
    public static readonly ErrorCode OperationAmbiguous = New("OperationAmbiguous", ErrorKind.InvalidArgument, "More than one operation begins with that text.", "Type more of the id.");
    public static readonly ErrorCode OperationNotResumable = New("OperationNotResumable", ErrorKind.InvalidOperation, "The operation has ended or does not wait for anything.", "Run the change again; what is already so is not sent twice.");
    public static readonly ErrorCode OperationUnfinished = New("OperationUnfinished", ErrorKind.ResourceBusy, "An unfinished operation is in the way.", "Resume or stop it, or leave -OnUnfinished at Settle.");
    public static readonly ErrorCode OperationFailed = New("OperationFailed", ErrorKind.InvalidOperation, "The operation failed; everything that answers is as before.", "Get-MaestroOperation shows the step and its evidence.");
    public static readonly ErrorCode OperationStopped = New("OperationStopped", ErrorKind.OperationStopped, "The operation was stopped.", "Run the change again when you are ready.");
    public static readonly ErrorCode OperationPaused = New("OperationPaused", ErrorKind.OperationStopped, "The operation came to rest before its end.", "Resume-MaestroOperation goes on from there.");
    public static readonly ErrorCode PlanUnknown = New("PlanUnknown", ErrorKind.InvalidData, "A stored plan names a kind of step that this version does not know.", "Use the newer Maestro that wrote it.");
    public static readonly ErrorCode PlanStale = New("PlanStale", ErrorKind.InvalidOperation, "The world is no longer the one that was planned for.", "Plan again.");
    public static readonly ErrorCode StepNotUndoable = New("StepNotUndoable", ErrorKind.InvalidOperation, "A step of the operation has no inverse.", "The message names the steps; put them back by hand where that matters.");

    // Store
    public static readonly ErrorCode StoreTooNew = New("StoreTooNew", ErrorKind.InvalidData, "The store was written by a newer Maestro.", "Use that version, or another -StorePath.");
    public static readonly ErrorCode StoreDamaged = New("StoreDamaged", ErrorKind.InvalidData, "The store's journal does not add up: something that was acknowledged is missing.", "Restore the file from a copy, or rebuild it by connecting with a new -StorePath.");
    public static readonly ErrorCode StoreUnavailable = New("StoreUnavailable", ErrorKind.WriteError, "The store cannot be opened or written.", "Check the path, its rights and the free space; a network file system is not supported.");
    public static readonly ErrorCode LabBusy = New("LabBusy", ErrorKind.ResourceBusy, "Another process has this lab's world open.", "Close it there, or use another -Path.");

    /// <summary>All entries, by id.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
        [.. typeof(ErrorCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.FieldType == typeof(ErrorCode))
            .Select(f => (ErrorCode)f.GetValue(null)!)
            .OrderBy(c => c.Id, StringComparer.Ordinal)];

    private static ErrorCode New(string name, ErrorKind kind, string meaning, string advice) => new("Maestro." + name, kind, meaning, advice);
}
