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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Servers that require OAuth tokens, with the real CLI and stand-ins for the server and its token
 * endpoint.
 */
class TokenRunIT extends McpServerTestSupport {
  private static final String CHARGE = toolPrompt("mcp__everything__charge", "{}");
  private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

  @Autowired private SecretReader secretReader;
  @Autowired private OAuthTokenProvider tokens;

  private final TokenTestSupport tokenTestSupport = TOKEN_SERVER;
  private VaultId vault;

  @BeforeEach
  void reset() {
    tokenTestSupport.reset();
    vault = VaultId.next();
    send(new CreateVault(vault, ADA.user(), "tokens", null));
  }

  private void storeToken(@Nullable Instant expiresAt, ClientAuthentication authentication) {
    var secret = authentication == ClientAuthentication.NONE ? null : "s3cret & more";
    var refresh =
        new Refresh(
            tokenTestSupport.tokenEndpoint(),
            "client one",
            authentication,
            secret,
            tokenTestSupport.refreshToken(),
            tokenTestSupport.url(),
            "read write");
    send(
        new PutSecret(
            vault,
            "token",
            new McpOauth(tokenTestSupport.url(), tokenTestSupport.token(), expiresAt, refresh)));
  }

  private McpConnection connection() {
    var header = "Bearer ${vault:" + vault + "/token}";
    return new McpConnection.Http(tokenTestSupport.url(), Map.of("Authorization", header));
  }

  private McpConnection overSse() {
    var header = "Bearer ${vault:" + vault + "/token}";
    return new McpConnection.Sse(tokenTestSupport.sseUrl(), Map.of("Authorization", header));
  }

  /** The server rejects the latest token, although it has not expired. */
  private void revoke() {
    var old = tokenTestSupport.token();
    tokenTestSupport.clearTokens();
    var refresh =
        new Refresh(
            tokenTestSupport.tokenEndpoint(),
            "client",
            ClientAuthentication.NONE,
            null,
            tokenTestSupport.refreshToken(),
            null,
            null);
    send(new PutSecret(vault, "token", new McpOauth(tokenTestSupport.url(), old, null, refresh)));
  }

  private McpOauth storedToken() {
    return (McpOauth) secretReader.open(ADA.tenant(), vault, "token").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(ClientAuthentication.class)
  void expiredTokenIsRefreshedBeforeUse(ClientAuthentication authentication) {
    storeToken(PAST, authentication);
    open(registerAndApprove("everything", connection(), McpLimits.NONE));
    submitQuery(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(tokenTestSupport.renewals()).hasSize(1);
    var renewal = tokenTestSupport.renewals().getFirst();
    assertThat(renewal.fields())
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "refresh-0")
        .containsEntry("resource", tokenTestSupport.url())
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
    assertThat(storedToken().accessToken()).isEqualTo("token-1");
    assertThat(storedToken().expiresAt()).isAfter(Instant.now().plusSeconds(3000));
    assertThat(storedToken().refresh().refreshToken()).isEqualTo("refresh-1");
    assertThat(events().toString()).doesNotContain("token-1", "refresh-1");
  }

  @Test
  void tokenIsRefreshedDuringASession() {
    storeToken(Instant.now().plus(Duration.ofHours(1)), ClientAuthentication.NONE);
    open(registerAndApprove("everything", connection(), McpLimits.NONE));
    submitQuery(CHARGE);
    assertThat(answer()).contains("charged");
    storeToken(PAST, ClientAuthentication.NONE);
    submitQuery(CHARGE);
    awaitEvents(RunCompleted.class, 2);
    assertThat(tokenTestSupport.renewals()).hasSize(1);
    assertThat(storedToken().accessToken()).isEqualTo("token-1");
  }

  @Test
  void rejectedTokenIsRefreshed() {
    revoke();
    open(registerAndApprove("everything", connection(), McpLimits.NONE));
    submitQuery(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(tokenTestSupport.renewals()).hasSize(1);
  }

  @Test
  void tokenRejectedAtTheSseConnectIsRefreshed() {
    revoke();
    open(registerAndApprove("everything", overSse(), McpLimits.NONE));
    submitQuery(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(tokenTestSupport.rejectedTokens()).containsExactly("GET /mcp/sse");
    assertThat(tokenTestSupport.renewals()).hasSize(1);
    assertThat(storedToken().accessToken()).isEqualTo(tokenTestSupport.token());
  }

  @Test
  void tokenRejectedByAnSseMessageIsRefreshed() {
    storeToken(null, ClientAuthentication.NONE);
    open(registerAndApprove("everything", overSse(), McpLimits.NONE));
    submitQuery(CHARGE);
    assertThat(answer()).contains("charged");
    assertThat(tokenTestSupport.rejectedTokens()).isEmpty();
    revoke();
    submitQuery(CHARGE);
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).contains("charged");
    assertThat(tokenTestSupport.rejectedTokens()).containsExactly("POST /mcp/messages");
    assertThat(tokenTestSupport.renewals()).hasSize(1);
  }

  @Test
  void sseServerThatRejectsEveryTokenIsRetriedOnce() {
    storeToken(null, ClientAuthentication.NONE);
    tokenTestSupport.rejectTokens();
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", overSse(), null));
    await().atMost(60, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo(
            "it requires a valid credential (HTTP status 401): check the secret in its headers");
    assertThat(tokenTestSupport.rejectedTokens()).containsExactly("GET /mcp/sse", "GET /mcp/sse");
    assertThat(tokenTestSupport.renewals()).hasSize(1);
  }

  @Test
  void failedSseTokenRefreshIsShownOnTheServer() {
    revoke();
    tokenTestSupport.refuse("invalid_grant");
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", overSse(), null));
    await().atMost(60, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo(
            "its OAuth token could not be refreshed: the endpoint responded with 400,"
                + " invalid_grant");
  }

  @Test
  void concurrentRequestsWaitForOneRefresh() throws Exception {
    storeToken(PAST, ClientAuthentication.NONE);
    var location = new OAuthTokenProvider.TokenLocation(ADA.tenant(), vault, "token");
    var held = storedToken();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 24)
              .mapToObj(
                  n ->
                      CompletableFuture.supplyAsync(
                          () -> tokens.validToken(location, held), threads))
              .toList();
      assertThat(all).extracting(CompletableFuture::join).containsOnly("token-1");
    }
    assertThat(tokenTestSupport.renewals()).hasSize(1);
  }

  @Test
  void refreshRefusalIsShownOnTheServerUntilResolved() {
    storeToken(PAST, ClientAuthentication.NONE);
    tokenTestSupport.refuse("invalid_grant");
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", connection(), null));
    await().atMost(60, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo(
            "its OAuth token could not be refreshed: the endpoint responded with 400,"
                + " invalid_grant");
    tokenTestSupport.refuse("");
    send(new CheckMcpServer(server));
    await().atMost(60, SECONDS).until(() -> !events(server, McpServerChecked.class).isEmpty());
  }

  @Test
  void tokenThatCannotBeRefreshedReportsIt() {
    send(
        new PutSecret(
            vault,
            "token",
            new McpOauth(tokenTestSupport.url(), tokenTestSupport.token(), PAST, null)));
    var server = McpServerId.next();
    send(new RegisterMcpServer(server, ADA.user(), "everything", connection(), null));
    await().atMost(60, SECONDS).until(() -> !events(server, McpServerCheckFailed.class).isEmpty());
    assertThat(events(server, McpServerCheckFailed.class).getFirst().reason())
        .isEqualTo("its OAuth token has expired and has no refresh token");
  }

  @Test
  void tokenReplacedDuringTheRefreshIsKept() {
    storeToken(PAST, ClientAuthentication.NONE);
    var old = storedToken();
    send(
        new PutSecret(vault, "token", new McpOauth(tokenTestSupport.url(), "by hand", null, null)));
    send(new RenewSecret(vault, "token", 1, old));
    assertThat(storedToken().accessToken()).isEqualTo("by hand");
  }
}
