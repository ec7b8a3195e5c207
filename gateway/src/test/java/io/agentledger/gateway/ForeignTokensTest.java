package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
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

/** Tokens of other issuers: who is trusted with what, and what becomes of their people. */
class ForeignTokensTest {
  private static final TenantId TENANT = TenantId.next();
  private static final TenantId OTHERS = TenantId.next();

  private static OidcIssuer one;
  private static OidcIssuer two;
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) throws Exception {
    one = new OidcIssuer();
    two = new OidcIssuer();
    doors =
        ApiTestServer.open(
            home,
            "--agentledger.identity.issuers[0].issuer-uri=" + one.uri(),
            "--agentledger.identity.issuers[0].audiences=agentledger,ledger",
            "--agentledger.identity.issuers[0].tenant=" + TENANT,
            "--agentledger.identity.issuers[0].role-claim=realm.roles",
            "--agentledger.identity.issuers[0].roles.chiefs=admin",
            "--agentledger.identity.issuers[0].roles.staff=member",
            "--agentledger.identity.issuers[0].default-role=viewer",
            "--agentledger.identity.issuers[1].issuer-uri=" + two.uri(),
            "--agentledger.identity.issuers[1].jwks-uri=" + two.uri() + "/keys",
            "--agentledger.identity.issuers[1].audiences=agentledger",
            "--agentledger.identity.issuers[1].tenant-claim=org",
            "--agentledger.identity.issuers[1].tenants.acme=" + TENANT,
            "--agentledger.identity.issuers[1].tenants.others=" + OTHERS,
            "--agentledger.identity.issuers[1].role-claim=role",
            "--agentledger.identity.issuers[1].roles.reader=viewer");
  }

  @AfterAll
  static void close() {
    doors.close();
    one.close();
    two.close();
  }

  private static HttpResponse<String> ask(String token) {
    return doors.send(
        HttpRequest.newBuilder(doors.uri("/api/v1/status"))
            .header("Authorization", "Bearer " + token)
            .GET());
  }

  private static JWTClaimsSet.Builder claims(OidcIssuer issuer, String subject) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer.uri())
        .audience("agentledger")
        .subject(subject)
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String somebody() {
    return UUID.randomUUID().toString();
  }

  private ProvisionExternalUser admitted(String subject) {
    return doors.sides().admitted.stream()
        .filter(command -> command.foreigner().subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStrangerIsAdmittedOnceAndAsTheIssuerSays() throws Exception {
    var subject = somebody();
    var token =
        one.sign(
            claims(one, subject)
                .claim("realm", Map.of("roles", List.of("staff", "chiefs", "x")))
                .claim("name", "Ada Lovelace")
                .claim("email", "ada@example.org")
                .claim("email_verified", true));
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Integer> call = () -> ask(token).statusCode();
      var calls = IntStream.range(0, 24).mapToObj(n -> call).toList();
      for (var answer : threads.invokeAll(calls)) assertThat(answer.get()).isEqualTo(200);
    }
    var command = admitted(subject);
    assertThat(command.tenantId()).isEqualTo(TENANT);
    assertThat(command.role()).isEqualTo(Role.ADMIN); // Of several, the one that may most.
    assertThat(command.userId()).isEqualTo(command.foreigner().userId());
    assertThat(command.name().value()).isEqualTo("Ada Lovelace");
    assertThat(command.email().value()).isEqualTo("ada@example.org");
    assertThat(doors.sides().admitted)
        .filteredOn(known -> known.foreigner().subject().equals(subject))
        .hasSize(1);
  }

  @Test
  void whatCannotBeBelievedOfSomebodyIsLeftOut() {
    var subject = somebody();
    var token =
        one.sign(
            claims(one, subject)
                .claim("name", "a\u202Eb")
                .claim("email", "eve@example.org")
                .claim("email_verified", false));
    assertThat(ask(token).statusCode()).isEqualTo(200);
    assertThat(admitted(subject).role()).isEqualTo(Role.VIEWER); // The default.
    assertThat(admitted(subject).name()).isNull();
    assertThat(admitted(subject).email()).isNull();
  }

  @Test
  void aClaimChoosesTheTenantAmongThoseNamedAndNoOther() {
    var subject = somebody();
    var good = claims(two, subject).claim("org", "others").claim("role", "reader");
    assertThat(ask(two.sign(good)).statusCode()).isEqualTo(200);
    assertThat(admitted(subject).tenantId()).isEqualTo(OTHERS);
    var elsewhere = claims(two, somebody()).claim("org", "evil").claim("role", "reader");
    assertThat(ask(two.sign(elsewhere)).statusCode()).isEqualTo(401);
    var byId = claims(two, somebody()).claim("org", TENANT.value()).claim("role", "reader");
    assertThat(ask(two.sign(byId)).statusCode()).isEqualTo(401);
  }

  @Test
  void whoHasNoRoleIsRefusedWhereThereIsNoDefault() {
    var none = claims(two, somebody()).claim("org", "acme").claim("role", "admin");
    assertThat(ask(two.sign(none)).statusCode()).isEqualTo(401);
  }

  @Test
  void oneIssuerCannotSpeakForAnother() {
    assertThat(ask(two.sign(claims(one, somebody()))).statusCode()).isEqualTo(401);
    var unknown = claims(one, somebody()).issuer("https://evil.example");
    assertThat(ask(one.sign(unknown)).statusCode()).isEqualTo(401);
    var ours = claims(one, somebody()).issuer("agentledger-of-the-tests");
    assertThat(ask(one.sign(ours)).statusCode()).isEqualTo(401);
  }

  @Test
  void noneOfTheBadTokensOpens() throws Exception {
    var bad =
        new BadTokens(
            one.key().toKeyPair(),
            one.key().getKeyID(),
            Map.of("iss", one.uri(), "aud", "ledger", "sub", somebody()),
            Instant.now());
    assertThat(ask(bad.good()).statusCode()).isEqualTo(200);
    var all = bad.all();
    all.remove("with another sub"); // The issuer may say that.
    all.forEach((name, token) -> assertThat(ask(token).statusCode()).as(name).isEqualTo(401));
  }

  @Test
  void whoIsRefusedStaysOut() {
    var subject = somebody();
    doors.sides().refused.add(subject);
    var token = one.sign(claims(one, subject));
    assertThat(ask(token).statusCode()).isEqualTo(401);
    assertThat(ask(token).statusCode()).isEqualTo(401);
    doors.sides().refused.remove(subject);
    await().untilAsserted(() -> assertThat(ask(token).statusCode()).isEqualTo(200));
  }

  @Test
  void aNewKeyIsFoundAndWhoMakesThemUpDoesNotMakeUsAsk() throws Exception {
    assertThat(ask(one.sign(claims(one, somebody()))).statusCode()).isEqualTo(200);
    var before = one.asked();
    var made = new RSAKeyGenerator(2048).keyID("made-up").generate();
    for (int i = 0; i < 20; i++)
      assertThat(ask(OidcIssuer.sign(made, claims(one, somebody()))).statusCode()).isEqualTo(401);
    assertThat(one.asked() - before).isLessThanOrEqualTo(3); // Every five seconds at most.
    one.rotate();
    var token = one.sign(claims(one, somebody()));
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(ask(token).statusCode()).isEqualTo(200));
  }

  @Test
  void anIssuerThatIsAwayIsNoProofAgainstAToken(@TempDir Path home) throws Exception {
    var away = new OidcIssuer();
    var token = away.sign(claims(away, somebody()));
    away.close();
    try (var other =
        ApiTestServer.open(
            home,
            "--agentledger.identity.issuers[0].issuer-uri=" + away.uri(),
            "--agentledger.identity.issuers[0].audiences=agentledger",
            "--agentledger.identity.issuers[0].tenant=" + TENANT,
            "--agentledger.identity.issuers[0].default-role=viewer")) {
      var answer =
          other.send(
              HttpRequest.newBuilder(other.uri("/api/v1/status"))
                  .header("Authorization", "Bearer " + token)
                  .GET());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(ApiTestServer.json(answer).path("code").asString())
          .isEqualTo("issuer_unavailable");
    }
  }

  @Test
  void anIssuerOverAnOpenNetworkIsNotTaken(@TempDir Path home) {
    assertThatThrownBy(
            () ->
                ApiTestServer.open(
                    home,
                    "--agentledger.identity.issuers[0].issuer-uri=http://login.example",
                    "--agentledger.identity.issuers[0].audiences=agentledger",
                    "--agentledger.identity.issuers[0].tenant=" + TENANT,
                    "--agentledger.identity.issuers[0].default-role=viewer"))
        .rootCause()
        .hasMessageContaining("must be https");
  }
}
