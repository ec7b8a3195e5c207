package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Rejection.IdempotencyKeyReused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.CommandTestSupport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class IdempotencyInterceptorIT extends CommandTestSupport {
  @Autowired IdempotencyStore idempotencyStore;

  private static Idempotency promise() {
    return new Idempotency(UUID.randomUUID().toString(), "hash");
  }

  private static SubmitInputs submit(SessionId session, Idempotency promise) {
    return new SubmitInputs(session, List.of(prompt("hi")), promise);
  }

  private long keys(Idempotency promise) {
    return sql.sql("select count(*) from idempotency where key = ?")
        .param(promise.key())
        .query(Long.class)
        .single();
  }

  @Test
  void aRepeatedOpeningIsAnsweredWithTheFirstSession() {
    var promise = promise();
    SessionId first = send(open(SessionId.next(), promise));
    SessionId again = send(open(SessionId.next(), promise));
    assertThat(again).isEqualTo(first);
  }

  @Test
  void aRepeatedSubmitIsAnsweredWithTheFirstReceiptAndAsksNothing() {
    var session = opened();
    var promise = promise();
    SubmitResult first = send(submit(session, promise));
    SubmitResult again = send(submit(session, promise));
    assertThat(again).isEqualTo(first);
    assertThat(story(session)).containsOnlyOnce("QueryIssued").doesNotContain("QueryQueued");
  }

  @Test
  void theSameKeyForAnotherWishIsRefused() {
    var session = opened();
    var promise = promise();
    send(submit(session, promise));
    var other = new Idempotency(promise.key(), "another hash");
    assertThatThrownBy(() -> send(submit(session, other)))
        .isInstanceOf(RejectionException.class)
        .satisfies(
            no ->
                assertThat(((RejectionException) no).rejection())
                    .isEqualTo(new IdempotencyKeyReused(promise.key())));
    assertThatThrownBy(() -> send(open(SessionId.next(), promise)))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void anotherCredentialsKeysAreItsOwn() {
    var promise = promise();
    var bob = Caller.ofUser(ADA.tenant(), ADA.user(), CredentialId.next(), Role.MEMBER);
    SessionId first = send(open(SessionId.next(), promise));
    SessionId other = send(open(SessionId.next(), promise), bob);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void aWishThatWasRefusedMayBeRepeated() {
    var promise = promise();
    var unknown = SessionId.next();
    assertThatThrownBy(() -> send(submit(unknown, promise)))
        .satisfies(
            no ->
                assertThat(((RejectionException) no).rejection())
                    .isEqualTo(new NotFound("session", unknown.value())));
    assertThat(keys(promise)).isZero();
    SubmitResult result = send(submit(opened(), promise));
    assertThat(result.queries()).hasSize(1);
  }

  @Test
  void ofManyAtOnceOneIsCarriedOutAndAllGetItsAnswer() throws Exception {
    var session = opened();
    var promise = promise();
    int count = 8;
    var barrier = new CyclicBarrier(count);
    Callable<SubmitResult> repeat =
        () -> {
          barrier.await();
          return send(submit(session, promise));
        };
    var all = new ArrayList<Future<SubmitResult>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) all.add(threads.submit(repeat));
    }
    var submitResults = new HashSet<SubmitResult>();
    for (var one : all) submitResults.add(one.get());
    assertThat(submitResults).hasSize(1);
    assertThat(story(session)).containsOnlyOnce("QueryIssued").doesNotContain("QueryQueued");
  }

  @Test
  void keysAreForgottenAfterADay() {
    var old = promise();
    var young = promise();
    send(open(SessionId.next(), old));
    send(open(SessionId.next(), young));
    sql.sql("update idempotency set created_at = now() - interval '25 hours' where key = ?")
        .param(old.key())
        .update();
    assertThat(idempotencyStore.purge()).isEqualTo(1);
    assertThat(keys(old)).isZero();
    assertThat(keys(young)).isOne();
  }

  @Test
  void aWishWithoutAKeyIsCarriedOutEachTime() {
    var session = opened();
    send(new SubmitInputs(session, List.of(new Input.Interrupt()), null));
    send(new SubmitInputs(session, List.of(prompt("one")), null));
    send(new SubmitInputs(session, List.of(prompt("two")), null));
    assertThat(story(session)).filteredOn(fact -> fact.startsWith("Query")).hasSizeGreaterThan(1);
  }
}
