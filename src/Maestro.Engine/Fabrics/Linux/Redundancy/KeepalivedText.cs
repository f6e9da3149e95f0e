using System.Globalization;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Redundancy;

/// <summary>
/// What keepalived 2.2 is told (<c>/etc/keepalived/maestro.conf</c>): an instance of VRRPv3 for each address, and one group, so that all addresses move together.
/// Facts: keepalived.conf(5); that weights count in the group alone, and that a file's new content is seen at once, was tried.
/// </summary>
internal static class KeepalivedText
{
    private const string Folder = "/var/lib/maestro/steering";

    /// <summary>A host is missed after three of them and a little: 0.4 s.</summary>
    private const string AdvertisementSeconds = "0.1";

    private const int Priority = 120;
    private const int PriorityStep = 10;

    /// <summary>Of who has a table that another one lacks: more than places make up for.</summary>
    private const int AheadWeight = 100;

    /// <returns>Empty for a host without addresses to share.</returns>
    public static string Of(IReadOnlyList<VirtualRouter> routers)
    {
        if (routers.Count == 0) return "";
        var text = new StringBuilder($$"""
            # Written by Maestro; changes are lost.
            track_file maestro_hold {
                file "{{Folder}}/hold"
            }
            track_file maestro_ahead {
                file "{{Folder}}/ahead"
            }
            vrrp_script maestro_steers {
                script "/bin/sh {{Folder}}/steers.sh"
                interval 2
                timeout 10
                fall 2
                rise 2
                init_fail
                user root
            }

            """);
        // A group of one is refused.
        if (routers.Count > 1) text.Append($"vrrp_sync_group maestro {{\n    group {{\n{string.Concat(routers.Select(r => $"        {Name(r)}\n"))}    }}\n{Tracked}}}\n");
        foreach (var router in routers) text.Append(Instance(router, routers.Count == 1 ? Tracked : ""));
        return text.ToString().Replace("\r", "");
    }

    private static string Tracked => $$"""
            track_file {
                maestro_hold weight 0
                maestro_ahead weight {{Number(AheadWeight)}}
            }
            track_script {
                maestro_steers
            }

        """;

    private static string Instance(VirtualRouter router, string tracked) => $$"""
        vrrp_instance {{Name(router)}} {
            version 3
            state BACKUP
            nopreempt
            interface {{router.Interface}}
            virtual_router_id {{Number(router.Id)}}
            priority {{Number(Math.Max(1, Priority - (PriorityStep * router.Place)))}}
            advert_int {{AdvertisementSeconds}}
            track_src_ip
            unicast_src_ip {{router.Own}}
        {{Peers(router)}}{{tracked}}    garp_master_delay 1
            virtual_ipaddress {
                {{router.Virtual}} dev {{router.Interface}}
            }
        }

        """;

    private static string Peers(VirtualRouter router) =>
        router.Peers.Count == 0 ? "" : $"    unicast_peer {{\n{string.Concat(router.Peers.Select(p => $"        {p}\n"))}    }}\n";

    private static string Name(VirtualRouter router) => $"maestro_{(router.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "4" : "6")}_{Number(router.Id)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
