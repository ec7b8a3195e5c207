package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.command.LoginCommand.FlushSignInRefusals;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.Refused;
import io.agentledger.api.identity.event.LoginEvent.RefusalReason;
import io.agentledger.api.identity.event.LoginEvent.SignInsRefused;
import io.agentledger.api.identity.event.LoginEvent.UnknownAccountSignInsRefused;
import io.agentledger.api.shared.IdentityRejection.TooManyAttempts;
import io.agentledger.api.shared.IdentityRejection.WrongCredentials;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.Test;

/** Failed sign-ins are limited and remembered. */
class SignInThrottlingIT extends IdentityTestSupport {
  private static final Secret WRONG = new Secret("certainly not this one");

  private Rejection signIn(String email, String ip) {
    return refusal(sendAnonymously(new SignIn(email, WRONG), ip));
  }

  @Test
  void repeatedFailuresIncreaseTheDelay() {
    var email = createUser(Role.MEMBER).email();
    var ip = newIp();
    for (int i = 0; i < 5; i++) assertThat(signIn(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(signIn(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(1)));
    advanceClock(Duration.ofSeconds(1));
    assertThat(signIn(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(signIn(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(2)));
    advanceClock(Duration.ofSeconds(2));
    assertThat(signIn(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(signIn(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(4)));
  }

  /** Changes the stored times, as the database's clock would. */
  private void advanceClock(Duration time) {
    sql.sql(
            """
            update sign_in_attempt set
              open_at = open_at - make_interval(secs => :s), last_at = last_at - make_interval(secs => :s)""")
        .param("s", (double) time.toSeconds())
        .update();
  }

  @Test
  void delayIsBoundedAndForgotten() {
    var email = newAddress();
    var ip = newIp();
    for (int i = 0; i < 30; i++) {
      signIn(email, ip);
      advanceClock(Duration.ofMinutes(15));
    }
    signIn(email, ip);
    var wait = ((TooManyAttempts) signIn(email, ip)).retryAfter();
    assertThat(wait).isLessThanOrEqualTo(Duration.ofMinutes(15)).isPositive();
    advanceClock(Duration.ofMinutes(76));
    for (int i = 0; i < 5; i++) assertThat(signIn(email, ip)).isEqualTo(new WrongCredentials());
  }

  @Test
  void unknownAccountIsThrottledLikeAKnownOne() {
    var email = newAddress();
    var ip = newIp();
    for (int i = 0; i < 5; i++) assertThat(signIn(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(signIn(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(1)));
    assertThat(signIn("no address at all", newIp())).isEqualTo(new WrongCredentials());
  }

  @Test
  void concurrentAttemptsAreLimitedToAFew() throws Exception {
    var email = createUser(Role.MEMBER).email();
    var ip = newIp();
    Callable<SignInResult> attempt = () -> sendAnonymously(new SignIn(email, WRONG), ip);
    var answers = ConcurrentCalls.runConcurrently(Collections.nCopies(40, attempt));
    var made =
        answers.stream()
            .filter(
                answer ->
                    // Busy: it passed the limit, but was not hashed.
                    answer instanceof RejectionException
                        || answer instanceof Refused(WrongCredentials no))
            .toList();
    assertThat(made).hasSize(5);
    assertThat(answers)
        .filteredOn(answer -> answer instanceof Refused(TooManyAttempts no))
        .hasSize(35);
  }

  @Test
  void attackFromOneSourceDoesNotLockOutOthers() {
    var user = createUser(Role.MEMBER);
    var live = signedIn(user);
    var ip = newIp();
    for (int i = 0; i < 8; i++) signIn(user.email(), ip);
    assertThat(signIn(user.email(), ip)).isInstanceOf(TooManyAttempts.class);
    assertThat(currentCaller(live)).isPresent();
    assertThat(currentCaller(signedIn(user))).isPresent();
  }

  @Test
  void sourceThatTriesManyAccountsIsThrottled() {
    var ip = newIp();
    for (int i = 0; i < 60; i++)
      assertThat(signIn(newAddress(), ip)).isEqualTo(new WrongCredentials());
    assertThat(signIn(newAddress(), ip)).isInstanceOf(TooManyAttempts.class);
  }

  @Test
  void successResetsTheFailures() {
    var user = createUser(Role.MEMBER);
    var ip = newIp();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3; i++) signIn(user.email(), ip);
      tokens(sendAnonymously(new SignIn(user.email(), new Secret(PASSWORD)), ip));
    }
  }

  @Test
  void firstRefusalIsRecordedImmediatelyAndTheRestEachMinute() {
    var user = createUser(Role.MEMBER);
    awaitTimeWithinTheMinute();
    var ip = newIp();
    for (int i = 0; i < 3; i++) signIn(user.email(), ip);
    var endpoint = EventMetadata.signInCredential(user.id()).value();
    assertThat(refusals(endpoint)).extracting(SignInsRefused::count).containsExactly(1L);
    var first = history(endpoint).getFirst();
    assertThat(first.getMetaData())
        .containsEntry(Provenance.TENANT, user.tenant().value())
        .containsEntry(Provenance.ACTOR, "service:agentledger")
        .containsEntry(Provenance.IP, ip)
        .containsEntry(Provenance.USER_AGENT, "test/1");
    flushDenials();
    assertThat(refusals(endpoint)).extracting(SignInsRefused::count).containsExactly(1L, 2L);
    assertThat(refusals(endpoint))
        .extracting(SignInsRefused::reason)
        .containsOnly(RefusalReason.WRONG_PASSWORD);
    flushDenials();
    assertThat(refusals(endpoint)).hasSize(2);
  }

  /** Refusals are counted by the minute; these belong to one. */
  private static void awaitTimeWithinTheMinute() {
    await().atMost(Duration.ofMinutes(1)).until(() -> Instant.now().getEpochSecond() % 60 < 40);
  }

  private void flushDenials() {
    commands.sendAndWait(
        new FlushSignInRefusals(Instant.now().plus(Duration.ofMinutes(2))),
        EventMetadata.forSystem(localOwner().tenant(), "test"));
  }

  private List<SignInsRefused> refusals(String endpoint) {
    return history(endpoint).stream()
        .map(DomainEventMessage::getPayload)
        .map(SignInsRefused.class::cast)
        .toList();
  }

  @Test
  void anonymousFailuresAreOneEventPerSourceAndMinute() {
    flushDenials();
    var endpoint = EventMetadata.anonymousSignInCredential().value();
    int before = history(endpoint).size();
    var ip = newIp();
    for (int i = 0; i < 7; i++) signIn(newAddress(), ip);
    assertThat(history(endpoint)).hasSize(before);
    flushDenials();
    var reported = history(endpoint).subList(before, history(endpoint).size());
    assertThat(reported)
        .extracting(DomainEventMessage::getPayload)
        .extracting(event -> ((UnknownAccountSignInsRefused) event).count())
        .satisfies(counts -> assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(7));
    assertThat(reported)
        .allSatisfy(m -> assertThat(m.getMetaData()).containsEntry(Provenance.IP, ip));
  }

  @Test
  void manyAnonymousSourcesAreOneEvent() {
    flushDenials();
    var endpoint = EventMetadata.anonymousSignInCredential().value();
    int before = history(endpoint).size();
    awaitTimeWithinTheMinute(); // Few sources of a minute are one event each.
    for (int i = 0; i < 25; i++) signIn(newAddress(), newIp());
    flushDenials();
    var reported = history(endpoint).subList(before, history(endpoint).size());
    assertThat(reported).hasSize(1);
    assertThat(reported)
        .extracting(DomainEventMessage::getPayload)
        .extracting(event -> ((UnknownAccountSignInsRefused) event).sources())
        .satisfies(sources -> assertThat(sources.stream().mapToLong(n -> n).sum()).isEqualTo(25));
  }
}
