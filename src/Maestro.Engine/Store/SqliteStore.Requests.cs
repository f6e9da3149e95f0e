using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Store;

public sealed partial class SqliteStore
{
    public Task PostRequestAsync(OperationRequest request) => WriteAsync(c => c.Execute(
        "INSERT INTO requests (operation, kind, at, by, message) VALUES ($operation, $kind, $at, $by, $message)",
        ("operation", request.OperationId), ("kind", request.Kind.ToString()), ("at", request.At.UtcTicks), ("by", request.By), ("message", request.Message)));

    public Task<IReadOnlyList<OperationRequest>> TakeRequestsAsync(LeaseToken token) => WriteAsync<IReadOnlyList<OperationRequest>>(token, c =>
    {
        var requests = c.Query(
            r => new OperationRequest
            {
                OperationId = r.GetString(0),
                Kind = StoreConnection.Word<RequestKind>(r, 1),
                At = StoreConnection.Time(r, 2),
                By = StoreConnection.Text(r, 3),
                Message = StoreConnection.Text(r, 4),
            },
            "SELECT operation, kind, at, by, message FROM requests WHERE operation = $operation ORDER BY id",
            ("operation", token.OperationId));
        if (requests.Count > 0) c.Execute("DELETE FROM requests WHERE operation = $operation", ("operation", token.OperationId));
        return requests;
    });
}
