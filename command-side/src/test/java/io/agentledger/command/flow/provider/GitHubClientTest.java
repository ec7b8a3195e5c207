package io.agentledger.command.flow.provider;

import static io.agentledger.command.flow.provider.ProviderFixture.MARKER;
import static io.agentledger.command.flow.provider.ProviderFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentledger.api.flow.ProviderConnection;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.store.flow.GitHubStandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client of GitHub against a stand-in of its public API. */
class GitHubClientTest {
  private static final SourceReference ISSUE =
      new SourceReference(SourceProvider.GITHUB, GitHubStandIn.REPOSITORY, "1", null);
  private static final String POST_COMMENT = "POST .*/comments";

  private GitHubStandIn gitHub;
  private ProviderFixture fixture;

  @BeforeEach
  void start(@TempDir Path repositories) throws IOException {
    gitHub = new GitHubStandIn(repositories);
    use(new SecretValue.StaticBearer(gitHub.url(), GitHubStandIn.TOKEN));
  }

  private void use(SecretValue secret) {
    if (fixture != null) fixture.close();
    fixture = new ProviderFixture(gitHub.port(), secret);
  }

  @AfterEach
  void stop() {
    fixture.close();
    gitHub.close();
  }

  private ProviderConnection connection() {
    return ProviderFixture.connection(SourceProvider.GITHUB, gitHub.apiUrl());
  }

  private String put(String id, String text) {
    return fixture.client().putComment(TENANT, connection(), ISSUE, new Comment(id, MARKER, text));
  }

  private PullRequest open(String head) {
    var request =
        new PullRequestRequest(
            GitHubStandIn.REPOSITORY, head, "main", "A change\nfor @all", "It fixes #1", MARKER);
    return fixture.client().openPullRequest(TENANT, connection(), request);
  }

  private ProviderUnavailableException assertUnavailable(Runnable call) {
    var thrown = new ProviderUnavailableException[1];
    assertThatExceptionOfType(ProviderUnavailableException.class)
        .isThrownBy(call::run)
        .satisfies(e -> thrown[0] = e);
    return thrown[0];
  }

  private void assertRefused(String text, Runnable call) {
    assertThatExceptionOfType(ProviderRefusedException.class)
        .isThrownBy(call::run)
        .withMessageContaining(text)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ghp_").doesNotContain("says"));
  }

  @Test
  void commentIsPostedOnceAndEdited() {
    var id = put(null, "Working on it.");
    assertThat(put(id, "Done.")).isEqualTo(id);
    assertThat(put(null, "Done, once more.")).as("found by its marker").isEqualTo(id);
    assertThat(gitHub.comments).hasSize(1);
    assertThat(gitHub.comments.getFirst()).containsEntry("body", MARKER + "\nDone, once more.");
  }

  @Test
  void sameTextIsNotSentAgain() {
    put(null, "Done.");
    put(null, "Done.");
    assertThat(gitHub.requests).noneMatch(request -> request.startsWith("PATCH"));
  }

  @Test
  void commentIsFoundBehindManyOthers() {
    for (int i = 0; i < 70; i++) gitHub.addComment(1, "somebody", "text " + i);
    var id = put(null, "one");
    assertThat(put(null, "two")).isEqualTo(id);
    assertThat(gitHub.comments).hasSize(71);
  }

  @Test
  void endlessListIsRefused() {
    for (int i = 0; i < 3_400; i++) gitHub.addComment(1, "somebody", "text");
    assertRefused("more than 100 pages", () -> put(null, "one"));
    assertThat(gitHub.comments).hasSize(3_400);
  }

  @Test
  void copiedMarkerOfAnotherAccountIsIgnored() {
    gitHub.addComment(1, "mallory", MARKER + "\nmine");
    put(null, "one");
    assertThat(gitHub.comments).hasSize(2);
    assertThat(gitHub.comments.getFirst()).containsEntry("body", MARKER + "\nmine");
  }

  @Test
  void commentWhoseResponseWasLostIsNotPostedTwice() {
    gitHub.loseNextResponse(POST_COMMENT);
    assertUnavailable(() -> put(null, "one"));
    put(null, "one");
    assertThat(gitHub.comments).hasSize(1);
    assertThat(gitHub.requests).filteredOn(request -> request.matches(POST_COMMENT)).hasSize(1);
  }

  @Test
  void deletedCommentIsPostedAgain() {
    var id = put(null, "one");
    gitHub.comments.clear();
    assertThat(put(id, "two")).isNotEqualTo(id);
  }

  @Test
  void longTextIsCut() {
    put(null, "x@y".repeat(40_000));
    var body = (String) gitHub.comments.getFirst().get("body");
    assertThat(body).hasSize(65_536).startsWith(MARKER + "\n*This text is cut");
  }

  @Test
  void statedWaitsAreHonoured() {
    gitHub.respondNext(POST_COMMENT, 429, Map.of("Retry-After", "7"), "{}");
    assertThat(assertUnavailable(() -> put(null, "one")).retryAfter()).hasSeconds(7);
    gitHub.respondNext(
        POST_COMMENT,
        403,
        Map.of(),
        "{\"message\": \"You have exceeded a secondary rate limit.\"}");
    assertThat(assertUnavailable(() -> put(null, "one")).retryAfter())
        .isEqualTo(Duration.ofMinutes(1));
    var reset = String.valueOf(Instant.now().plusSeconds(600).getEpochSecond());
    gitHub.respondNext(
        "GET /repos/.*",
        403,
        Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset),
        "{}");
    assertThat(assertUnavailable(() -> put(null, "one")).retryAfter())
        .isBetween(Duration.ofSeconds(550), Duration.ofSeconds(600));
    assertThat(gitHub.comments).isEmpty();
  }

  @Test
  void absurdWaitIsBounded() {
    gitHub.respondNext(POST_COMMENT, 503, Map.of("Retry-After", "999999999"), "");
    assertThat(assertUnavailable(() -> put(null, "one")).retryAfter())
        .isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({"500", "502", "0"})
  void faultOfTheServerMayBeRepeated(int status) {
    gitHub.respondNext("GET /user", status, Map.of(), "");
    assertUnavailable(() -> put(null, "one"));
    put(null, "one");
    assertThat(gitHub.requests).filteredOn("GET /user"::equals).as("no hidden retry").hasSize(2);
  }

  @Test
  void unreachableServerMayBeRepeated() {
    gitHub.close();
    assertUnavailable(() -> put(null, "one"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, credential",
    "403, permission",
    "404, no such item",
    "410, no such item",
    "422, invalid"
  })
  void permanentRefusalStatesTheRule(int status, String text) {
    gitHub.respondNext(POST_COMMENT, status, Map.of(), "{\"message\": \"GitHub says no\"}");
    assertRefused(text, () -> put(null, "one"));
  }

  @Test
  void responseThatIsNoJsonMayBeRepeated() {
    gitHub.respondNext("GET /user", 200, Map.of(), "<html>proxy</html>");
    assertUnavailable(() -> put(null, "one"));
  }

  @Test
  void secretIsSentToItsServerOnly() {
    use(new SecretValue.StaticBearer("https://elsewhere.example", GitHubStandIn.TOKEN));
    assertRefused("was stored for another server", () -> put(null, "one"));
    use(new SecretValue.EnvironmentVariable("TOKEN", GitHubStandIn.TOKEN));
    assertRefused("was stored for a program", () -> put(null, "one"));
    assertThat(gitHub.requests).isEmpty();
  }

  @Test
  void addressThatIsNotPermittedIsRefused() {
    use(new SecretValue.StaticBearer("http://127.0.0.2:" + gitHub.port(), GitHubStandIn.TOKEN));
    var elsewhere =
        ProviderFixture.connection(
            SourceProvider.GITHUB, "http://127.0.0.2:" + gitHub.port() + "/api/v3");
    assertRefused(
        "forbidden network",
        () ->
            fixture
                .client()
                .putComment(TENANT, elsewhere, ISSUE, new Comment(null, MARKER, "text")));
  }

  @Test
  void nameOfAnItemCannotChangeThePath() {
    for (var item : new String[] {"1/../2", "1?a=b", "", "-1"}) {
      var at = new SourceReference(SourceProvider.GITHUB, GitHubStandIn.REPOSITORY, item, null);
      assertRefused(
          "number",
          () ->
              fixture
                  .client()
                  .putComment(TENANT, connection(), at, new Comment(null, MARKER, "x")));
    }
    var at = new SourceReference(SourceProvider.GITHUB, "acme/../x", "1", null);
    assertRefused(
        "owner/name",
        () ->
            fixture.client().putComment(TENANT, connection(), at, new Comment(null, MARKER, "x")));
  }

  @Test
  void pullRequestIsOpenedOnce() {
    var opened = open("ledger/1");
    assertThat(open("ledger/1")).isEqualTo(opened);
    assertThat(gitHub.pulls).hasSize(1);
    assertThat(gitHub.pulls.getFirst())
        .containsEntry("title", "A change for @\u200ball")
        .containsEntry("body", MARKER + "\nIt fixes #\u200b1");
  }

  @Test
  void pullRequestWhoseResponseWasLostIsNotOpenedTwice() {
    gitHub.loseNextResponse("POST .*/pulls");
    assertUnavailable(() -> open("ledger/1"));
    open("ledger/1");
    assertThat(gitHub.pulls).hasSize(1);
  }

  @Test
  void closedPullRequestOfTheFlowIsNotOpenedAgain() {
    var opened = open("ledger/1");
    gitHub.pulls.getFirst().put("state", "closed");
    assertThat(open("ledger/1")).isEqualTo(opened);
    assertThat(gitHub.pulls).hasSize(1);
  }

  @Test
  void reviewIsPostedOnce() {
    open("ledger/1");
    var at = new SourceReference(SourceProvider.GITHUB, GitHubStandIn.REPOSITORY, "10", null);
    var review = new Comment(null, MARKER, "Looks good.");
    var id = fixture.client().postReview(TENANT, connection(), at, review);
    assertThat(fixture.client().postReview(TENANT, connection(), at, review)).isEqualTo(id);
    assertThat(gitHub.reviews).hasSize(1);
    assertThat(gitHub.reviews.getFirst()).containsEntry("event", "COMMENT");
  }

  @Test
  void reviewOfOthersWithACopiedMarkerIsNotTaken() {
    open("ledger/1");
    var at = new SourceReference(SourceProvider.GITHUB, GitHubStandIn.REPOSITORY, "10", null);
    var review = new Comment(null, MARKER, "Looks good.");
    fixture.client().postReview(TENANT, connection(), at, review);
    gitHub.reviews.getFirst().put("user", Map.of("login", "mallory", "id", 2));
    fixture.client().postReview(TENANT, connection(), at, review);
    assertThat(gitHub.reviews).hasSize(2);
  }

  @Test
  void appGetsATokenForOneRepositoryWithTheLeastPermissions() throws Exception {
    for (var pem : new String[] {pem(false), pem(true)}) {
      use(new SecretValue.Basic(gitHub.url(), "12345", pem));
      gitHub.comments.clear();
      gitHub.tokenRequests.clear();
      put(null, "one");
      put(null, "two");
      assertThat(gitHub.comments).hasSize(1);
      assertThat(gitHub.comments.getFirst().get("user").toString()).contains(GitHubStandIn.BOT);
      assertThat(gitHub.tokenRequests).as("the token is kept").hasSize(1);
      assertThat(gitHub.tokenRequests.peek())
          .contains("\"repositories\":[\"widgets\"]")
          .contains("\"contents\":\"write\"")
          .contains("\"issues\":\"write\"")
          .contains("\"pull_requests\":\"write\"");
    }
  }

  /** Creates a key as GitHub does (PKCS#1), or as PKCS#8. */
  private static String pem(boolean isPkcs8) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var der = generator.generateKeyPair().getPrivate().getEncoded();
    if (!isPkcs8)
      der = PrivateKeyInfo.getInstance(der).parsePrivateKey().toASN1Primitive().getEncoded();
    var name = isPkcs8 ? "PRIVATE KEY" : "RSA PRIVATE KEY";
    return "-----BEGIN "
        + name
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + name
        + "-----\n";
  }

  @Test
  void unusableKeyOfAnAppIsRefusedWithoutItsText() {
    use(new SecretValue.Basic(gitHub.url(), "12345", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"));
    assertRefused("RSA key", () -> put(null, "one"));
  }

  @Test
  void expiredAuthenticationIsRefused() {
    use(new SecretValue.StaticBearer(gitHub.url(), "ghp_old"));
    assertRefused("refuses the credential", () -> put(null, "one"));
  }
}
