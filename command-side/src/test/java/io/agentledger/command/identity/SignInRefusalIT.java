package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What is tried at the door, and what is remembered of it. */
class SignInRefusalIT extends IdentityTestSupport {
  private static final Secret WRONG = new Secret("certainly not this one");

  private Rejection tried(String email, String ip) {
    return refusal(anyone(new SignIn(email, WRONG), ip));
  }

  @Test
  void afterAFewTriesOneWaitsLongerEachTime() {
    var email = person(Role.MEMBER).email();
    var ip = newIp();
    for (int i = 0; i < 5; i++) assertThat(tried(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(tried(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(1)));
    elapse(Duration.ofSeconds(1));
    assertThat(tried(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(tried(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(2)));
    elapse(Duration.ofSeconds(2));
    assertThat(tried(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(tried(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(4)));
  }

  /** What the database's clock would do. */
  private void elapse(Duration time) {
    sql.sql(
            """
            update sign_in_attempt set
              open_at = open_at - make_interval(secs => :s), last_at = last_at - make_interval(secs => :s)""")
        .param("s", (double) time.toSeconds())
        .update();
  }

  @Test
  void waitingHasAnEndAndIsForgotten() {
    var email = newAddress();
    var ip = newIp();
    for (int i = 0; i < 30; i++) {
      tried(email, ip);
      elapse(Duration.ofMinutes(15));
    }
    tried(email, ip);
    var wait = ((TooManyAttempts) tried(email, ip)).retryAfter();
    assertThat(wait).isLessThanOrEqualTo(Duration.ofMinutes(15)).isPositive();
    elapse(Duration.ofMinutes(76));
    for (int i = 0; i < 5; i++) assertThat(tried(email, ip)).isEqualTo(new WrongCredentials());
  }

  @Test
  void anAccountThatDoesNotExistIsNoDifferent() {
    var email = newAddress();
    var ip = newIp();
    for (int i = 0; i < 5; i++) assertThat(tried(email, ip)).isEqualTo(new WrongCredentials());
    assertThat(tried(email, ip)).isEqualTo(new TooManyAttempts(Duration.ofSeconds(1)));
    assertThat(tried("no address at all", newIp())).isEqualTo(new WrongCredentials());
  }

  @Test
  void ofManyTriesAtOnceNoMoreThanAFewAreMade() throws Exception {
    var email = person(Role.MEMBER).email();
    var ip = newIp();
    Callable<SignInResult> attempt = () -> anyone(new SignIn(email, WRONG), ip);
    var answers = AtOnce.all(Collections.nCopies(40, attempt));
    var made =
        answers.stream()
            .filter(
                answer ->
                    answer instanceof RejectionException // Busy: let through, and not hashed.
                        || answer instanceof Refused(WrongCredentials no))
            .toList();
    assertThat(made).hasSize(5);
    assertThat(answers)
        .filteredOn(answer -> answer instanceof Refused(TooManyAttempts no))
        .hasSize(35);
  }

  @Test
  void whoGuessesFromOnePlaceKeepsNobodyElseOut() {
    var person = person(Role.MEMBER);
    var live = signedIn(person);
    var ip = newIp();
    for (int i = 0; i < 8; i++) tried(person.email(), ip);
    assertThat(tried(person.email(), ip)).isInstanceOf(TooManyAttempts.class);
    assertThat(standing(live)).isPresent();
    assertThat(standing(signedIn(person))).isPresent();
  }

  @Test
  void aSourceThatTriesManyAccountsIsStoppedToo() {
    var ip = newIp();
    for (int i = 0; i < 60; i++)
      assertThat(tried(newAddress(), ip)).isEqualTo(new WrongCredentials());
    assertThat(tried(newAddress(), ip)).isInstanceOf(TooManyAttempts.class);
  }

  @Test
  void whatWasRightForgetsWhatWasWrong() {
    var person = person(Role.MEMBER);
    var ip = newIp();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3; i++) tried(person.email(), ip);
      tokens(anyone(new SignIn(person.email(), new Secret(PASSWORD)), ip));
    }
  }

  @Test
  void theFirstRefusalIsOnTheRecordAtOnceAndTheOthersWhenTheMinuteIsOver() {
    var person = person(Role.MEMBER);
    var ip = newIp();
    for (int i = 0; i < 3; i++) tried(person.email(), ip);
    var door = EventMetadata.door(person.id()).value();
    assertThat(refusals(door)).extracting(SignInsRefused::count).containsExactly(1L);
    var first = history(door).getFirst();
    assertThat(first.getMetaData())
        .containsEntry(Provenance.TENANT, person.tenant().value())
        .containsEntry(Provenance.ACTOR, "service:agentledger")
        .containsEntry(Provenance.IP, ip)
        .containsEntry(Provenance.USER_AGENT, "test/1");
    tell();
    assertThat(refusals(door)).extracting(SignInsRefused::count).containsExactly(1L, 2L);
    assertThat(refusals(door))
        .extracting(SignInsRefused::reason)
        .containsOnly(RefusalReason.WRONG_PASSWORD);
    tell();
    assertThat(refusals(door)).hasSize(2);
  }

  private void tell() {
    commands.sendAndWait(
        new FlushSignInRefusals(Instant.now().plus(Duration.ofMinutes(2))),
        EventMetadata.forSystem(localOwner().tenant(), "test"));
  }

  private List<SignInsRefused> refusals(String door) {
    return history(door).stream()
        .map(DomainEventMessage::getPayload)
        .map(SignInsRefused.class::cast)
        .toList();
  }

  @Test
  void strangersFillTheRecordWithOneEventForEachSourceAndMinute() {
    tell();
    var door = EventMetadata.strangersDoor().value();
    int before = history(door).size();
    var ip = newIp();
    for (int i = 0; i < 7; i++) tried(newAddress(), ip);
    assertThat(history(door)).hasSize(before);
    tell();
    var told = history(door).subList(before, history(door).size());
    assertThat(told)
        .extracting(DomainEventMessage::getPayload)
        .extracting(event -> ((UnknownAccountSignInsRefused) event).count())
        .satisfies(counts -> assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(7));
    assertThat(told).allSatisfy(m -> assertThat(m.getMetaData()).containsEntry(Provenance.IP, ip));
  }

  @Test
  void manyStrangersAreOneEvent() {
    tell();
    var door = EventMetadata.strangersDoor().value();
    int before = history(door).size();
    for (int i = 0; i < 25; i++) tried(newAddress(), newIp());
    tell();
    var told = history(door).subList(before, history(door).size());
    assertThat(told.size()).isLessThanOrEqualTo(2); // Two minutes may have been begun.
    assertThat(told)
        .extracting(DomainEventMessage::getPayload)
        .extracting(event -> ((UnknownAccountSignInsRefused) event).sources())
        .satisfies(sources -> assertThat(sources.stream().mapToLong(n -> n).sum()).isEqualTo(25));
  }
}
