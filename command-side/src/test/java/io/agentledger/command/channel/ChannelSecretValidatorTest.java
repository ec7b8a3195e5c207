package io.agentledger.command.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.channel.AgentBuffer;
import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelAgent.ReplyMode;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelPlatforms.Fault;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.channel.platform.PlatformFixture;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.channel.platform.http.HttpPlatform;
import io.agentledger.command.channel.platform.slack.SlackPlatform;
import io.agentledger.command.channel.platform.widget.WidgetPlatform;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChannelSecretValidatorTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final VaultId VAULT = new VaultId("vlt_2222222222");
  private static final VaultId LOST = new VaultId("vlt_3333333333");
  private static final String STRONG = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Caller ADMIN = caller(Role.ADMIN);

  private final Map<String, SecretValue> secrets = new HashMap<>();
  private PlatformFixture fixture;
  private ChannelSecretValidator validator;

  @BeforeEach
  void start() throws Exception {
    fixture = new PlatformFixture();
    validator =
        new ChannelSecretValidator(
            new PlatformRegistry(
                List.of(
                    new HttpPlatform(fixture.client(), PlatformFixture.CLOCK),
                    new SlackPlatform(fixture.client(), PlatformFixture.CLOCK),
                    new WidgetPlatform())),
            new SecretReader() {
              @Override
              public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
                return Optional.ofNullable(secrets.get(name))
                    .filter(value -> tenant.equals(HOME) && vault.equals(VAULT));
              }

              @Override
              public Optional<VersionedSecret> openVersioned(
                  TenantId tenant, VaultId vault, String name) {
                return open(tenant, vault, name).map(value -> new VersionedSecret(1, value));
              }

              @Override
              public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
                return vaults.stream().filter(vault -> !vault.equals(VAULT)).toList();
              }
            });
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private static Caller caller(Role role) {
    return Caller.ofUser(HOME, UserId.next(), CredentialId.next(), role);
  }

  private static SecretRef secret(String name) {
    return new SecretRef(VAULT, name);
  }

  private static ChannelDefinition definition(@Nullable ChannelAgent agent) {
    return new ChannelDefinition(null, Map.of(), null, agent, AgentBuffer.DEFAULT, agent != null);
  }

  private List<Fault> check(
      Caller caller,
      String platform,
      Map<String, SecretRef> credentials,
      @Nullable ChannelAgent agent) {
    var properties =
        new ChannelProperties(
            "Shop",
            platform,
            credentials,
            List.of(),
            List.of(),
            List.of(),
            ExecutionPrincipal.of(caller));
    return validator.check(caller, properties, definition(agent));
  }

  private List<Fault> check(String platform, Map<String, SecretRef> credentials) {
    return check(ADMIN, platform, credentials, null);
  }

  private List<Fault> check(String platform, String credential, String value) {
    secrets.put("key", new SecretValue.EnvironmentVariable("KEY", value));
    return check(platform, Map.of(credential, secret("key")));
  }

  @Test
  void refusesSecretsThatDoNotExistAndLeavesVaultsToTheCommand() {
    assertThat(check("http", Map.of("signing_secret", new SecretRef(LOST, "key")))).isEmpty();
    assertThat(check("http", Map.of("signing_secret", secret("key"))))
        .containsExactly(
            new Fault(
                "credentials/signing_secret/name",
                "must be a secret that the vault has; store it first with PUT"
                    + " /vaults/vlt_2222222222/secrets/key"));
    assertThat(check("http", "signing_secret", STRONG)).isEmpty();
  }

  @Test
  void refusesSigningSecretsThatAreTooShort() {
    assertThat(check("http", "signing_secret", STRONG)).isEmpty();
    assertThat(check("http", "signing_secret", "a".repeat(24))).isEmpty();
    for (var weak : List.of("a".repeat(23), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==", "whsec_%"))
      assertThat(check("http", "signing_secret", weak))
          .as(weak)
          .containsExactly(
              new Fault(
                  "credentials/signing_secret",
                  "must be a text of at least 24 bytes, or whsec_ and the base64 of at least 24"
                      + " bytes"));
    assertThat(check("http", "signing_secret_previous", "old")).isEmpty();
    assertThat(check("slack", "signing_secret", "8f742231b10e8888abcd99yyyzzz85a5")).isEmpty();
    assertThat(check("slack", "signing_secret", "8f742231b10e8888")).hasSize(1);
    assertThat(check("widget", "identity_secret", "a".repeat(32))).isEmpty();
    assertThat(check("widget", "identity_secret", "a".repeat(31))).hasSize(1);
  }

  @Test
  void refusesSecretsOfMcpServers() {
    secrets.put("key", new SecretValue.McpOauth("https://mcp.example", "a", null, null));
    assertThat(check("http", Map.of("signing_secret", secret("key"))))
        .containsExactly(
            new Fault(
                "credentials/signing_secret",
                "must not be a secret that was stored for an MCP server"));
  }

  @Test
  void checksTheSecretOfAnExternalAgent() {
    secrets.put("key", new SecretValue.EnvironmentVariable("KEY", STRONG));
    secrets.put("weak", new SecretValue.EnvironmentVariable("WEAK", "weak"));
    var credentials = Map.of("signing_secret", secret("key"));
    assertThat(check(ADMIN, "http", credentials, agent("key"))).isEmpty();
    assertThat(check(ADMIN, "http", credentials, agent("weak")))
        .extracting(Fault::field)
        .containsExactly("agent/secret");
    assertThat(check(ADMIN, "http", credentials, agent("lost")))
        .extracting(Fault::field)
        .containsExactly("agent/secret/name");
  }

  private static ChannelAgent agent(String secret) {
    return new ChannelAgent.External("https://agent.example", secret(secret), ReplyMode.REPLY);
  }

  @Test
  void tellsCallersWithoutTheRightNothingAboutVaults() {
    var credentials = Map.of("signing_secret", new SecretRef(LOST, "key"));
    assertThat(check(caller(Role.MEMBER), "http", credentials, null)).isEmpty();
    assertThat(check(caller(Role.AGENT), "http", credentials, null)).isEmpty();
  }
}
