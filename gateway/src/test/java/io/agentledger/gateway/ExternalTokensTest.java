package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of external issuers: verification, and provisioning of their users. */
class ExternalTokensTest {
  private static final TenantId TENANT = TenantId.next();
  private static final TenantId OTHER_TENANT = TenantId.next();

  private static FakeOidcIssuer issuer;
  private static FakeOidcIssuer two;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws Exception {
    issuer = new FakeOidcIssuer(JWSAlgorithm.ES256);
    two = new FakeOidcIssuer(JWSAlgorithm.RS256);
    server =
        ApiTestServer.open(
            home,
            "--agentledger.identity.issuers[0].issuer-uri=" + issuer.uri(),
            "--agentledger.identity.issuers[0].audiences=agentledger,ledger",
            "--agentledger.identity.issuers[0].tenant-id=" + TENANT,
            "--agentledger.identity.issuers[0].role-claim=realm.roles",
            "--agentledger.identity.issuers[0].role-mapping.chiefs=admin",
            "--agentledger.identity.issuers[0].role-mapping.staff=member",
            "--agentledger.identity.issuers[0].default-role=viewer",
            "--agentledger.identity.issuers[1].issuer-uri=" + two.uri(),
            "--agentledger.identity.issuers[1].jwks-uri=" + two.uri() + "/keys",
            "--agentledger.identity.issuers[1].audiences=agentledger",
            "--agentledger.identity.issuers[1].tenant-claim=org",
            "--agentledger.identity.issuers[1].tenant-mapping.acme=" + TENANT,
            "--agentledger.identity.issuers[1].tenant-mapping.others=" + OTHER_TENANT,
            "--agentledger.identity.issuers[1].role-claim=role",
            "--agentledger.identity.issuers[1].role-mapping.reader=viewer");
  }

  @AfterAll
  static void close() {
    server.close();
    issuer.close();
    two.close();
  }

  private static HttpResponse<String> requestWithToken(String token) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/status"))
            .header("Authorization", "Bearer " + token)
            .GET());
  }

  private static JWTClaimsSet.Builder claims(FakeOidcIssuer issuer, String subject) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer.uri())
        .audience("agentledger")
        .subject(subject)
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String randomSubject() {
    return UUID.randomUUID().toString();
  }

  private ProvisionExternalUser provisioned(String subject) {
    return server.backend().admitted.stream()
        .filter(command -> command.externalIdentity().subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void externalUserIsProvisionedOnceFromTheIssuersClaims() throws Exception {
    var subject = randomSubject();
    var token =
        issuer.sign(
            claims(issuer, subject)
                .claim("realm", Map.of("roles", List.of("staff", "chiefs", "x")))
                .claim("name", "Ada Lovelace")
                .claim("email", "ada@example.org")
                .claim("email_verified", true));
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Integer> call = () -> requestWithToken(token).statusCode();
      var calls = IntStream.range(0, 24).mapToObj(index -> call).toList();
      for (var answer : threads.invokeAll(calls)) assertThat(answer.get()).isEqualTo(200);
    }
    var command = provisioned(subject);
    assertThat(command.tenantId()).isEqualTo(TENANT);
    // Of several roles, the one with the most permissions applies.
    assertThat(command.role()).isEqualTo(Role.ADMIN);
    assertThat(command.userId()).isEqualTo(command.externalIdentity().userId());
    assertThat(command.name().value()).isEqualTo("Ada Lovelace");
    assertThat(command.email().value()).isEqualTo("ada@example.org");
    assertThat(server.backend().admitted)
        .filteredOn(known -> known.externalIdentity().subject().equals(subject))
        .hasSize(1);
  }

  @Test
  void invalidClaimsAreIgnored() {
    var subject = randomSubject();
    var token =
        issuer.sign(
            claims(issuer, subject)
                .claim("name", "a\u202Eb")
                .claim("email", "eve@example.org")
                .claim("email_verified", false));
    assertThat(requestWithToken(token).statusCode()).isEqualTo(200);
    assertThat(provisioned(subject).role()).isEqualTo(Role.VIEWER); // The default role applies.
    assertThat(provisioned(subject).name()).isNull();
    assertThat(provisioned(subject).email()).isNull();
  }

  @Test
  void claimSelectsOnlyAConfiguredTenant() {
    var subject = randomSubject();
    var good = claims(two, subject).claim("org", "others").claim("role", "reader");
    assertThat(requestWithToken(two.sign(good)).statusCode()).isEqualTo(200);
    assertThat(provisioned(subject).tenantId()).isEqualTo(OTHER_TENANT);
    var elsewhere = claims(two, randomSubject()).claim("org", "evil").claim("role", "reader");
    assertThat(requestWithToken(two.sign(elsewhere)).statusCode()).isEqualTo(401);
    var byId = claims(two, randomSubject()).claim("org", TENANT.value()).claim("role", "reader");
    assertThat(requestWithToken(two.sign(byId)).statusCode()).isEqualTo(401);
  }

  @Test
  void userWithoutARoleIsRejectedWithoutADefaultRole() {
    var none = claims(two, randomSubject()).claim("org", "acme").claim("role", "admin");
    assertThat(requestWithToken(two.sign(none)).statusCode()).isEqualTo(401);
  }

  @Test
  void issuerCannotSpeakForAnother() {
    assertThat(requestWithToken(two.sign(claims(issuer, randomSubject()))).statusCode())
        .isEqualTo(401);
    var unknown = claims(issuer, randomSubject()).issuer("https://evil.example");
    assertThat(requestWithToken(issuer.sign(unknown)).statusCode()).isEqualTo(401);
    var ours = claims(issuer, randomSubject()).issuer("agentledger-of-the-tests");
    assertThat(requestWithToken(issuer.sign(ours)).statusCode()).isEqualTo(401);
  }

  @Test
  void invalidTokensAreRejected() throws Exception {
    var invalidTokens =
        new InvalidTokens(
            issuer.key().toECKey().toKeyPair(),
            issuer.key().getKeyID(),
            Map.of("iss", issuer.uri(), "aud", "ledger", "sub", randomSubject()),
            Instant.now());
    assertThat(requestWithToken(invalidTokens.validToken()).statusCode()).isEqualTo(200);
    var all = invalidTokens.all();
    all.remove("with another sub"); // The issuer may grant this role.
    all.forEach(
        (name, token) -> assertThat(requestWithToken(token).statusCode()).as(name).isEqualTo(401));
  }

  @Test
  void rejectedUserStaysRejected() {
    var subject = randomSubject();
    server.backend().refused.add(subject);
    var token = issuer.sign(claims(issuer, subject));
    assertThat(requestWithToken(token).statusCode()).isEqualTo(401);
    assertThat(requestWithToken(token).statusCode()).isEqualTo(401);
    server.backend().refused.remove(subject);
    await().untilAsserted(() -> assertThat(requestWithToken(token).statusCode()).isEqualTo(200));
  }

  @Test
  void newKeyIsFetchedAndUnknownKeyIdsCauseNoFetch() throws Exception {
    assertThat(requestWithToken(issuer.sign(claims(issuer, randomSubject()))).statusCode())
        .isEqualTo(200);
    var before = issuer.keyRequestCount();
    var made = new ECKeyGenerator(Curve.P_256).keyID("made-up").generate();
    for (int i = 0; i < 20; i++)
      assertThat(
              requestWithToken(FakeOidcIssuer.sign(made, claims(issuer, randomSubject())))
                  .statusCode())
          .isEqualTo(401);
    assertThat(issuer.keyRequestCount() - before)
        .isLessThanOrEqualTo(3); // At most every five seconds.
    issuer.rotate();
    var token = issuer.sign(claims(issuer, randomSubject()));
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(requestWithToken(token).statusCode()).isEqualTo(200));
  }

  @Test
  void unavailableIssuerDoesNotMakeATokenInvalid(@TempDir Path home) throws Exception {
    var away = new FakeOidcIssuer(JWSAlgorithm.ES256);
    var token = away.sign(claims(away, randomSubject()));
    away.close();
    try (var other =
        ApiTestServer.open(
            home,
            "--agentledger.identity.issuers[0].issuer-uri=" + away.uri(),
            "--agentledger.identity.issuers[0].audiences=agentledger",
            "--agentledger.identity.issuers[0].tenant-id=" + TENANT,
            "--agentledger.identity.issuers[0].default-role=viewer")) {
      var response =
          other.send(
              HttpRequest.newBuilder(other.uri("/api/v1/status"))
                  .header("Authorization", "Bearer " + token)
                  .GET());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(ApiTestServer.json(response).path("code").asString())
          .isEqualTo("issuer_unavailable");
    }
  }

  @Test
  void rejectsAnIssuerOverPlainHttp(@TempDir Path home) {
    assertThatThrownBy(
            () ->
                ApiTestServer.open(
                    home,
                    "--agentledger.identity.issuers[0].issuer-uri=http://login.example",
                    "--agentledger.identity.issuers[0].audiences=agentledger",
                    "--agentledger.identity.issuers[0].tenant-id=" + TENANT,
                    "--agentledger.identity.issuers[0].default-role=viewer"))
        .rootCause()
        .hasMessageContaining("must be https");
  }
}
