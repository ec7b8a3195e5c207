package io.agentledger.command.identity;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.UserCommand.RegisterUser;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.store.NodeHome;
import io.agentledger.store.TestInstallation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes on one database: a revocation on one is effective on the other within moments. */
class RevocationAcrossNodesIT {
  private static final String EMAIL = "ada@example.org";
  private static final String PASSWORD = "correct horse battery";

  private final String database = TestInstallation.migratedDatabase();

  private ConfigurableApplicationContext node(String... more) {
    var home = TestInstallation.newHome();
    var all =
        new ArrayList<>(List.of("--logging.level.root=warn", "--spring.main.banner-mode=off"));
    all.addAll(List.of(more));
    all.addAll(List.of(TestInstallation.arguments(database, home)));
    return SpringApplication.run(CommandTestSupport.Application.class, all.toArray(String[]::new));
  }

  private static <R> R sendAnonymously(ConfigurableApplicationContext node, Object command) {
    return node.getBean(CommandGateway.class)
        .sendAndWait(
            GenericCommandMessage.asCommandMessage(command)
                .withMetaData(IdentityTestSupport.anonymousMetadata("192.0.2.1")));
  }

  private static <R> R sendAs(ConfigurableApplicationContext node, Caller caller, Object command) {
    return node.getBean(CommandGateway.class).sendAndWait(command, meta(caller));
  }

  private static org.axonframework.messaging.MetaData meta(Caller caller) {
    return org.axonframework.messaging.MetaData.from(caller.asMetadata("req_test"));
  }

  private static Optional<Caller> authenticate(ConfigurableApplicationContext node, String key) {
    return node.getBean(Authenticator.class).authenticate(key).toCompletableFuture().join();
  }

  private static Optional<Caller> currentCaller(
      ConfigurableApplicationContext node, UserId user, CredentialId login) {
    return node.getBean(Authenticator.class)
        .currentCaller(user, login)
        .toCompletableFuture()
        .join();
  }

  @Test
  void revocationReachesTheOtherNodeWithinSeconds() throws Exception {
    try (var one = node()) {
      var master =
          "--agentledger.master-key=" + one.getBean(NodeHome.class).keys().resolve("master.json");
      var nodes = new ArrayList<CompletableFuture<ConfigurableApplicationContext>>();
      for (int i = 0; i < 2; i++) nodes.add(CompletableFuture.supplyAsync(() -> node(master)));
      try (var two = nodes.get(0).get(90, SECONDS);
          var three = nodes.get(1).get(90, SECONDS)) {
        assertOwnerIsRecordedOnce(one);
        sendAnonymously(
            one,
            new RegisterUser(
                UserId.next(),
                new EmailAddress(EMAIL),
                new DisplayName("Ada"),
                new Password(PASSWORD),
                true,
                null));
        assertLoginsEndOnBothNodes(one, two);
        assertKeysEndOnBothNodes(two, three);
        assertTokensVerifyOnTheOtherNode(three, one);
      }
    }
  }

  private static void assertOwnerIsRecordedOnce(ConfigurableApplicationContext node) {
    var counts =
        node.getBean(JdbcClient.class)
            .sql(
                """
                select count(*) from event
                where payloadtype in ('TenantCreated', 'UserRegistered', 'SigningKeyCreated')""")
            .query(Long.class)
            .single();
    assertThat(counts).isEqualTo(3);
  }

  private static io.agentledger.api.identity.command.TokenPair signedIn(
      ConfigurableApplicationContext node) {
    return IdentityTestSupport.tokens(
        RevocationAcrossNodesIT.<SignInResult>sendAnonymously(
            node, new SignIn(EMAIL, new Secret(PASSWORD))));
  }

  private static void assertLoginsEndOnBothNodes(
      ConfigurableApplicationContext firstNode, ConfigurableApplicationContext secondNode) {
    var tokens = signedIn(firstNode);
    var caller = currentCaller(firstNode, tokens.userId(), tokens.loginId()).orElseThrow();
    assertThat(currentCaller(secondNode, tokens.userId(), tokens.loginId())).isPresent();
    sendAs(firstNode, caller, new SignOut());
    await()
        .atMost(5, SECONDS)
        .untilAsserted(
            () ->
                assertThat(currentCaller(secondNode, tokens.userId(), tokens.loginId())).isEmpty());
  }

  private static void assertKeysEndOnBothNodes(
      ConfigurableApplicationContext firstNode, ConfigurableApplicationContext secondNode) {
    var tokens = signedIn(firstNode);
    var caller = currentCaller(firstNode, tokens.userId(), tokens.loginId()).orElseThrow();
    IssuedApiKey key =
        sendAs(
            firstNode,
            caller,
            new IssueApiKey(CredentialId.next(), new DisplayName("k"), Set.of(), null, null));
    assertThat(authenticate(secondNode, key.secret())).isPresent();
    sendAs(firstNode, caller, new RevokeApiKey(key.keyId(), null));
    await()
        .atMost(5, SECONDS)
        .untilAsserted(() -> assertThat(authenticate(secondNode, key.secret())).isEmpty());
  }

  private static void assertTokensVerifyOnTheOtherNode(
      ConfigurableApplicationContext firstNode, ConfigurableApplicationContext secondNode)
      throws Exception {
    var token = SignedJWT.parse(signedIn(firstNode).accessToken());
    var keys =
        JWKSet.parse(
            secondNode
                .getBean(TokenIssuerMetadata.class)
                .keys()
                .toCompletableFuture()
                .join()
                .text());
    var key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
    assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
  }
}
