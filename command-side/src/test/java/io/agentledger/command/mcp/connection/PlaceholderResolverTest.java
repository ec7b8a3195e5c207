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

/** What a connection leaves open is filled in from where it may, and nowhere else. */
class PlaceholderResolverTest {
  private static final TenantId TENANT = TenantId.next();
  private static final VaultId VAULT = VaultId.next();
  private static final URI SERVER = URI.create("https://mcp.example.com/v1/mcp");

  private static final SecretReader ONE =
      new SecretReader() {
        @Override
        public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
          return tenant.equals(TENANT) && vault.equals(VAULT)
              ? Optional.ofNullable(SECRETS.get(name))
              : Optional.empty();
        }

        @Override
        public Optional<VersionedSecret> findVersioned(
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
      new PlaceholderResolver(TENANT, ONE, Map.of("REGION", "eu"));

  private static String vault(String name) {
    return "${vault:" + VAULT + "/" + name + "}";
  }

  @Test
  void variablesAreTheOperatorsOrTheirDefault() {
    assertThat(placeholderResolver.plain("${REGION}-${ZONE:-1}-${REGION:-us}"))
        .isEqualTo("eu-1-eu");
    assertThatThrownBy(() -> placeholderResolver.plain("${ZONE}"))
        .hasMessage("the variable ZONE is not set here");
  }

  @Test
  void nothingOfTheServicesOwnEnvironmentIsFilledIn() {
    assertThat(System.getenv("PATH")).isNotBlank();
    assertThatThrownBy(() -> placeholderResolver.plain("${PATH}"))
        .isInstanceOf(McpConnectionException.class);
  }

  @Test
  void aSecretGoesIntoTheHeaderOfItsServer() {
    assertThat(placeholderResolver.header(SERVER, "Bearer " + vault("bearer")))
        .isEqualTo("Bearer t0ken");
    assertThat(placeholderResolver.header(SERVER, "Basic " + vault("basic")))
        .isEqualTo("Basic YWRhOnB3");
  }

  @Test
  void aSecretOfAnotherServerDoesNot() {
    for (var name : List.of("elsewhere", "prefix", "plain", "env"))
      assertThatThrownBy(() -> placeholderResolver.header(SERVER, vault(name)))
          .as(name)
          .hasMessage("the secret for mcp.example.com was put in for another");
  }

  @Test
  void aVariablesSecretIsTakenAsItIs() {
    assertThat(placeholderResolver.variable("API_KEY", vault("env"))).isEqualTo("k3y $1 \\");
    assertThatThrownBy(() -> placeholderResolver.variable("OTHER", vault("env")))
        .isInstanceOf(McpConnectionException.class);
    assertThatThrownBy(() -> placeholderResolver.variable("API_KEY", vault("bearer")))
        .isInstanceOf(McpConnectionException.class);
  }

  @Test
  void noSecretStandsWhereOthersSeeIt() {
    assertThatThrownBy(() -> placeholderResolver.plain("--key=" + vault("env")))
        .hasMessage("a secret may stand in a header or a variable only");
  }

  @Test
  void theVaultOfAnotherTenantHoldsNothing() {
    var others = new PlaceholderResolver(TenantId.next(), ONE, Map.of());
    assertThatThrownBy(() -> others.variable("API_KEY", vault("env")))
        .hasMessage("there is no secret env in that vault");
  }

  @Test
  void whatAValueHoldsIsNotFilledInAgain() {
    var nested = new PlaceholderResolver(TENANT, ONE, Map.of("A", vault("env")));
    assertThat(nested.plain("${A}")).isEqualTo(vault("env"));
  }
}
