package io.agentledger.command.mcp.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Placeholders of a connection are resolved from the permitted sources only. */
class PlaceholderResolverTest {
  private static final TenantId TENANT = TenantId.next();
  private static final VaultId VAULT = VaultId.next();
  private static final URI SERVER = URI.create("https://mcp.example.com/v1/mcp");

  private static final SecretReader SINGLE_SECRET =
      new SecretReader() {
        @Override
        public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
          return tenant.equals(TENANT) && vault.equals(VAULT)
              ? Optional.ofNullable(SECRETS.get(name))
              : Optional.empty();
        }

        @Override
        public Optional<VersionedSecret> openVersioned(
            TenantId tenant, VaultId vault, String name) {
          return open(tenant, vault, name).map(value -> new VersionedSecret(1, value));
        }

        @Override
        public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
          return List.of();
        }
      };

  private static final Map<String, SecretValue> SECRETS =
      Map.of(
          "bearer", new SecretValue.StaticBearer("https://mcp.example.com/v1", "t0ken"),
          "elsewhere", new SecretValue.StaticBearer("https://mcp.example.net/", "t0ken"),
          "prefix", new SecretValue.StaticBearer("https://mcp.example.com/v", "t0ken"),
          "plain", new SecretValue.StaticBearer("http://mcp.example.com/v1", "t0ken"),
          "basic", new SecretValue.Basic("https://mcp.example.com/", "ada", "pw"),
          "env", new SecretValue.EnvironmentVariable("API_KEY", "k3y $1 \\"));

  private final PlaceholderResolver placeholderResolver =
      new PlaceholderResolver(TENANT, SINGLE_SECRET, Map.of("REGION", "eu"));

  private static String vault(String name) {
    return "${vault:" + VAULT + "/" + name + "}";
  }

  @Test
  void variablesResolveToTheOperatorsValueOrTheirDefault() {
    assertThat(placeholderResolver.resolvePlain("${REGION}-${ZONE:-1}-${REGION:-us}"))
        .isEqualTo("eu-1-eu");
    assertThatThrownBy(() -> placeholderResolver.resolvePlain("${ZONE}"))
        .hasMessage("the variable ZONE is not set by the operator");
  }

  @Test
  void serviceEnvironmentIsNotResolved() {
    assertThat(System.getenv("PATH")).isNotBlank();
    assertThatThrownBy(() -> placeholderResolver.resolvePlain("${PATH}"))
        .isInstanceOf(McpConnectionException.class);
  }

  @Test
  void secretIsInsertedIntoItsServersHeader() {
    assertThat(placeholderResolver.resolveHeader(SERVER, "Bearer " + vault("bearer")))
        .isEqualTo("Bearer t0ken");
    assertThat(placeholderResolver.resolveHeader(SERVER, "Basic " + vault("basic")))
        .isEqualTo("Basic YWRhOnB3");
  }

  @Test
  void secretOfAnotherServerIsNotInserted() {
    for (var name : List.of("elsewhere", "prefix", "plain", "env"))
      assertThatThrownBy(() -> placeholderResolver.resolveHeader(SERVER, vault(name)))
          .as(name)
          .hasMessage("the secret for mcp.example.com was stored for another server");
  }

  @Test
  void secretOfAVariableIsInsertedVerbatim() {
    assertThat(placeholderResolver.resolveVariable("API_KEY", vault("env"))).isEqualTo("k3y $1 \\");
    assertThatThrownBy(() -> placeholderResolver.resolveVariable("OTHER", vault("env")))
        .isInstanceOf(McpConnectionException.class);
    assertThatThrownBy(() -> placeholderResolver.resolveVariable("API_KEY", vault("bearer")))
        .isInstanceOf(McpConnectionException.class);
  }

  @Test
  void secretsAreRejectedInVisiblePlaces() {
    assertThatThrownBy(() -> placeholderResolver.resolvePlain("--key=" + vault("env")))
        .hasMessage("a secret is only allowed in a header or a variable");
  }

  @Test
  void vaultOfAnotherTenantIsEmpty() {
    var others = new PlaceholderResolver(TenantId.next(), SINGLE_SECRET, Map.of());
    assertThatThrownBy(() -> others.resolveVariable("API_KEY", vault("env")))
        .hasMessage("there is no secret env in that vault");
  }

  @Test
  void insertedValuesAreNotResolvedAgain() {
    var nested = new PlaceholderResolver(TENANT, SINGLE_SECRET, Map.of("A", vault("env")));
    assertThat(nested.resolvePlain("${A}")).isEqualTo(vault("env"));
  }
}
