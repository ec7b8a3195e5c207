package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue.ClientAuthentication;
import io.agentledger.api.vault.SecretValue.McpOauth;
import io.agentledger.api.vault.SecretValue.Refresh;
import io.agentledger.api.vault.VaultCommand.CreateVault;
import io.agentledger.api.vault.VaultCommand.PutSecret;
import io.agentledger.api.vault.VaultCommand.RenewSecret;
import io.agentledger.api.vault.VaultId;
import io.agentledger.command.mcp.TokenTestSupport;
import io.agentledger.command.mcp.connection.OAuthTokenProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Servers that want OAuth tokens: the real CLI, a stand-in for the server and its token house. */
class TokenRunIT extends McpServerTestSupport {
  private static final String CHARGE = calls("mcp__everything__charge", "{}");
  private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

  @Autowired private SecretReader secretReader;
  @Autowired private OAuthTokenProvider tokens;

  private static TokenTestSupport house;
  private VaultId vault;

  @DynamicPropertySource
  static void tokenHouse(DynamicPropertyRegistry properties) throws IOException {
    house = new TokenTestSupport();
    PORTS.add(house.port());
    properties.add("agentledger.mcp.connect-timeout", () -> "15s"); // A house of its own.
  }

  @BeforeEach
  void anew() {
    house.reset();
    vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "tokens", null));
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private void put(@Nullable Instant expiresAt, ClientAuthentication authentication) {
    var secret = authentication == ClientAuthentication.NONE ? null : "s3cret & more";
    var refresh =
        new Refresh(
            house.tokenEndpoint(),
            "client one",
            authentication,
            secret,
            house.refreshToken(),
            house.url(),
            "read write");
    send(
        new PutSecret(
            vault, "token", new McpOauth(house.url(), house.token(), expiresAt, refresh)));
  }

  private McpConnection connection() {
    var header = "Bearer ${vault:" + vault + "/token}";
    return new McpConnection.Http(house.url(), Map.of("Authorization", header));
  }

  private McpConnection overSse() {
    var header = "Bearer ${vault:" + vault + "/token}";
    return new McpConnection.Sse(house.sseUrl(), Map.of("Authorization", header));
  }

  /** The server takes the token no more that it gave out last, though it has not expired. */
  private void revoke() {
    var old = house.token();
    house.forget();
    var refresh =
        new Refresh(
            house.tokenEndpoint(),
            "client",
            ClientAuthentication.NONE,
            null,
            house.refreshToken(),
            null,
            null);
    send(new PutSecret(vault, "token", new McpOauth(house.url(), old, null, refresh)));
  }

  private McpOauth held() {
    return (McpOauth) secretReader.open(ADA.tenant(), vault, "token").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(ClientAuthentication.class)
  void aTokenThatHasExpiredIsHadAnewBeforeItIsUsed(ClientAuthentication authentication) {
    put(PAST, authentication);
    open(agreed("everything", connection(), McpLimits.NONE));
    ask(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(house.renewals()).hasSize(1);
    var renewal = house.renewals().getFirst();
    assertThat(renewal.fields())
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "refresh-0")
        .containsEntry("resource", house.url())
        .containsEntry("scope", "read write");
    switch (authentication) {
      case NONE -> assertThat(renewal.fields()).containsEntry("client_id", "client one");
      case CLIENT_SECRET_POST ->
          assertThat(renewal.fields()).containsEntry("client_secret", "s3cret & more");
      case CLIENT_SECRET_BASIC ->
          assertThat(
                  new String(
                      Base64.getDecoder().decode(renewal.authorization().substring(6)),
                      StandardCharsets.UTF_8))
              .isEqualTo("client+one:s3cret+%26+more");
    }
    assertThat(held().accessToken()).isEqualTo("token-1");
    assertThat(held().expiresAt()).isAfter(Instant.now().plusSeconds(3000));
    assertThat(held().refresh().refreshToken()).isEqualTo("refresh-1");
    assertThat(facts().toString()).doesNotContain("token-1", "refresh-1");
  }

  @Test
  void aTokenIsHadAnewInTheMiddleOfASession() {
    put(Instant.now().plus(Duration.ofHours(1)), ClientAuthentication.NONE);
    open(agreed("everything", connection(), McpLimits.NONE));
    ask(CHARGE);
    assertThat(answer()).contains("charged");
    put(PAST, ClientAuthentication.NONE);
    ask(CHARGE);
    awaitFacts(RunCompleted.class, 2);
    assertThat(house.renewals()).hasSize(1);
    assertThat(held().accessToken()).isEqualTo("token-1");
  }

  @Test
  void aTokenThatItsServerDoesNotTakeAnyMoreIsHadAnew() {
    revoke();
    open(agreed("everything", connection(), McpLimits.NONE));
    ask(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(house.renewals()).hasSize(1);
  }

  @Test
  void aTokenThatAServerOverSseDoesNotTakeWhenItIsConnectedToIsHadAnew() {
    revoke();
    open(agreed("everything", overSse(), McpLimits.NONE));
    ask(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(house.turnedAway()).containsExactly("GET /mcp/sse");
    assertThat(house.renewals()).hasSize(1);
    assertThat(held().accessToken()).isEqualTo(house.token());
  }

  @Test
  void aTokenThatAServerOverSseDoesNotTakeWithAMessageIsHadAnew() {
    put(null, ClientAuthentication.NONE);
    open(agreed("everything", overSse(), McpLimits.NONE));
    ask(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(house.turnedAway()).isEmpty();
    revoke();
    ask(CHARGE);
    assertThat(result(awaitFacts(RunCompleted.class, 2).getLast())).contains("charged");
    assertThat(house.turnedAway()).containsExactly("POST /mcp/messages");
    assertThat(house.renewals()).hasSize(1);
  }

  @Test
  void aServerOverSseThatTakesNoTokenIsAskedOnceMoreAndNotAgain() {
    put(null, ClientAuthentication.NONE);
    house.shut();
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", overSse(), null));
    await().atMost(30, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo("it does not speak MCP, or has ended");
    assertThat(house.turnedAway()).containsExactly("GET /mcp/sse", "GET /mcp/sse");
    assertThat(house.renewals()).hasSize(1);
  }

  @Test
  void whyATokenForAServerOverSseWasNotHadAnewShowsOnTheServer() {
    revoke();
    house.refuse("invalid_grant");
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", overSse(), null));
    await().atMost(30, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo(
            "its OAuth token could not be renewed: the endpoint answered 400, invalid_grant");
  }

  @Test
  void whoeverNeedsItMeanwhileWaitsForTheOneThatIsHad() throws Exception {
    put(PAST, ClientAuthentication.NONE);
    var location = new OAuthTokenProvider.TokenLocation(ADA.tenant(), vault, "token");
    var held = held();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 24)
              .mapToObj(
                  n -> CompletableFuture.supplyAsync(() -> tokens.valid(location, held), threads))
              .toList();
      assertThat(all).extracting(CompletableFuture::join).containsOnly("token-1");
    }
    assertThat(house.renewals()).hasSize(1);
  }

  @Test
  void aRefusalShowsOnTheServerAndItsEndToo() {
    put(PAST, ClientAuthentication.NONE);
    house.refuse("invalid_grant");
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", connection(), null));
    await().atMost(30, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo(
            "its OAuth token could not be renewed: the endpoint answered 400, invalid_grant");
    house.refuse("");
    send(new CheckMcpServer(server));
    await().atMost(30, SECONDS).until(() -> !events(server, McpServerChecked.class).isEmpty());
  }

  @Test
  void aTokenThatCannotBeHadAnewSaysSo() {
    send(new PutSecret(vault, "token", new McpOauth(house.url(), house.token(), PAST, null)));
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", connection(), null));
    await().atMost(30, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo("its OAuth token has expired, and nothing is there to renew it with");
  }

  @Test
  void whatSomebodyPutInMeanwhileStays() {
    put(PAST, ClientAuthentication.NONE);
    var old = held();
    send(new PutSecret(vault, "token", new McpOauth(house.url(), "by hand", null, null)));
    send(new RenewSecret(vault, "token", 1, old));
    assertThat(held().accessToken()).isEqualTo("by hand");
  }
}
