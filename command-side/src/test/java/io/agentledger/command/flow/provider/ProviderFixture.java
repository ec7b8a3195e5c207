package io.agentledger.command.flow.provider;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundSettings;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** The real clients with one secret and the guarded HTTP client, which may reach one port. */
public final class ProviderFixture implements AutoCloseable {
  public static final TenantId TENANT = new TenantId("tnt_23456789ab");
  public static final String MARKER = "<!-- agentledger:flw_1 -->";

  private static final SecretRef SECRET = new SecretRef(VaultId.next(), "provider");

  private final OutboundHttpClient outbound;
  private final DestinationPolicy destinations;
  private final GitHubLogins logins;
  private final ProviderClient client;

  public ProviderFixture(int port, SecretValue secret) {
    var settings =
        new OutboundSettings(
            Set.of(port),
            List.of("127.0.0.1/32"),
            List.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            DataSize.ofMegabytes(1),
            3);
    destinations = new DestinationPolicy(settings, name -> List.of(InetAddress.getAllByName(name)));
    outbound = new OutboundHttpClient(settings, destinations);
    var secrets = new ProviderSecrets(new OneSecret(secret));
    var requests = new ProviderRequests(outbound, Clock.systemUTC());
    logins = new GitHubLogins(secrets, requests, Clock.systemUTC());
    client = new RoutingProviderClient(logins, requests, secrets);
  }

  public OutboundHttpClient outbound() {
    return outbound;
  }

  public DestinationPolicy destinations() {
    return destinations;
  }

  public GitHubLogins logins() {
    return logins;
  }

  ProviderClient client() {
    return client;
  }

  public static ProviderConnection connection(SourceProvider provider, String apiUrl) {
    return new ProviderConnection(provider, apiUrl, SECRET);
  }

  @Override
  public void close() {
    outbound.close();
  }

  /** A vault with one secret. */
  private record OneSecret(SecretValue value) implements SecretReader {
    @Override
    public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
      return openVersioned(tenant, vault, name).map(VersionedSecret::value);
    }

    @Override
    public Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name) {
      return tenant.equals(TENANT) ? Optional.of(new VersionedSecret(1, value)) : Optional.empty();
    }

    @Override
    public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
      return List.of();
    }
  }
}
