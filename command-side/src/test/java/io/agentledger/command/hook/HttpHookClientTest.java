package io.agentledger.command.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.hook.HookLookupTable.StoredHook;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundFailures;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundSettings;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.node.JsonNodeFactory;

/** Calls of hooks that fail before a response: each says what is wrong, and how to mend it. */
class HttpHookClientTest {
  private static final TenantId TENANT = TenantId.next();
  private static final SecretRef SECRET = new SecretRef(VaultId.next(), "key");

  private int closedPort;
  private OutboundHttpClient outbound;

  @BeforeEach
  void open() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    var settings =
        new OutboundSettings(
            Set.of(80, closedPort),
            List.of("127.0.0.1/32"),
            List.of(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            DataSize.ofMegabytes(1),
            3);
    outbound =
        new OutboundHttpClient(
            settings,
            new DestinationPolicy(
                settings,
                host -> {
                  throw new UnknownHostException(host);
                }));
  }

  @AfterEach
  void close() {
    outbound.close();
  }

  private HookReply call(String url, Signing signing, String secret) throws Exception {
    var client =
        new HttpHookClient(
            outbound, new WebhookSecretResolver(new OneSecret(secret)), Clock.systemUTC());
    var target = new HookTarget.Http(url, Map.of(), List.of(), signing);
    var definition =
        new HookDefinition(true, HookPoint.STOP, "", target, HookDefinition.TIMEOUT_DEFAULT, 0);
    var invocation =
        new HookInvocation(HookPoint.STOP, "", "", JsonNodeFactory.instance.objectNode());
    return client
        .call(TENANT, new StoredHook(HookId.next(), "stop", definition, false), target, invocation)
        .reply();
  }

  private String failureOf(String url) throws Exception {
    HookReply reply = call(url, new Signing.Unsigned(), "");
    assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
    return reply.reason();
  }

  @Test
  void failureNamesItsCauseInWords() throws Exception {
    assertThat(failureOf("http://127.0.0.1:" + closedPort))
        .isEqualTo("its host refused the connection; nothing listens on that port");
    assertThat(failureOf("http://missing.example"))
        .isEqualTo("the name of its host cannot be resolved");
    assertThat(OutboundFailures.describe(new SSLHandshakeException("PKIX path building failed")))
        .startsWith("the TLS connection failed")
        .doesNotContain("PKIX");
    assertThat(OutboundFailures.describe(new IOException("/10.0.0.7: broken pipe")))
        .isEqualTo("the connection to it failed");
  }

  @Test
  void refusedAddressNamesTheSettingThatPermitsIt() throws Exception {
    assertThat(failureOf("http://127.0.0.2"))
        .contains("forbidden network")
        .endsWith("agentledger.outbound.allowed-networks permits private ones");
    assertThat(failureOf("http://127.0.0.1:1"))
        .endsWith("is allowed here, not 1; agentledger.outbound.ports permits others");
    assertThat(failureOf("http://hooks"))
        .endsWith("agentledger.outbound.allowed-hosts permits short names");
  }

  @Test
  void unusableSigningSecretIsAFailureAboutThatSecret() throws Exception {
    String url = "http://127.0.0.1:" + closedPort;
    for (String secret : List.of("whsec_!!!", "whsec_", "")) {
      HookReply reply = call(url, new Signing.Signed(SECRET), secret);
      assertThat(reply.outcome()).isEqualTo(HookOutcome.FAILED);
      assertThat(reply.reason())
          .isEqualTo(
              "its secret key is no signing secret: it must be a text, or base64 after whsec_");
    }
  }

  /** Vault with one secret. */
  private record OneSecret(String value) implements SecretReader {
    @Override
    public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
      return Optional.of(new SecretValue.EnvironmentVariable("SIGN", value));
    }

    @Override
    public Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name) {
      return open(tenant, vault, name).map(secret -> new VersionedSecret(1, secret));
    }

    @Override
    public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
      return List.of();
    }
  }
}
