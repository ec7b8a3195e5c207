package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class IdempotencyInterceptorIT extends CommandTestSupport {
  @Autowired IdempotencyStore idempotencyStore;

  private static Idempotency promise() {
    return new Idempotency(UUID.randomUUID().toString(), "hash");
  }

  private static SubmitInputs submit(SessionId session, Idempotency idempotency) {
    return new SubmitInputs(session, List.of(prompt("hi")), idempotency);
  }

  private long keys(Idempotency idempotency) {
    return sql.sql("select count(*) from idempotency where key = ?")
        .param(idempotency.key())
        .query(Long.class)
        .single();
  }

  @Test
  void repeatedOpeningReturnsTheFirstSession() {
    var idempotency = promise();
    SubmitResult first = send(open(SessionId.next(), idempotency));
    SubmitResult again = send(open(SessionId.next(), idempotency));
    assertThat(again).isEqualTo(first);
  }

  @Test
  void repeatedSubmitReturnsTheFirstReceiptAndIssuesNothing() {
    var session = openSession();
    var idempotency = promise();
    SubmitResult first = send(submit(session, idempotency));
    SubmitResult again = send(submit(session, idempotency));
    assertThat(again).isEqualTo(first);
    assertThat(eventNames(session)).containsOnlyOnce("QueryIssued").doesNotContain("QueryQueued");
  }

  @Test
  void rejectsAKeyReusedForAnotherCommand() {
    var session = openSession();
    var idempotency = promise();
    send(submit(session, idempotency));
    var other = new Idempotency(idempotency.key(), "another hash");
    assertThatThrownBy(() -> send(submit(session, other)))
        .isInstanceOf(RejectionException.class)
        .satisfies(
            no ->
                assertThat(((RejectionException) no).rejection())
                    .isEqualTo(new IdempotencyKeyReused(idempotency.key())));
    assertThatThrownBy(() -> send(open(SessionId.next(), idempotency)))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void keysAreScopedToTheCredential() {
    var idempotency = promise();
    var bob = Caller.ofUser(ADA.tenant(), ADA.user(), CredentialId.next(), Role.MEMBER);
    SubmitResult first = send(open(SessionId.next(), idempotency));
    SubmitResult otherSession = send(open(SessionId.next(), idempotency), bob);
    assertThat(otherSession).isNotEqualTo(first);
  }

  @Test
  void rejectedCommandMayBeRepeated() {
    var idempotency = promise();
    var unknown = SessionId.next();
    assertThatThrownBy(() -> send(submit(unknown, idempotency)))
        .satisfies(
            no ->
                assertThat(((RejectionException) no).rejection())
                    .isEqualTo(new NotFound("session", unknown.value())));
    assertThat(keys(idempotency)).isZero();
    SubmitResult result = send(submit(openSession(), idempotency));
    assertThat(result.queries()).hasSize(1);
  }

  private static void assertNotFound(ThrowingCallable repeat, SessionId session) {
    assertThatThrownBy(repeat)
        .isInstanceOf(RejectionException.class)
        .extracting(failure -> ((RejectionException) failure).rejection())
        .isEqualTo(new NotFound("session", session.value()));
  }

  @Test
  void repeatAfterTheSessionWasDeletedIsNotFound() {
    var session = SessionId.next();
    var opening = promise();
    var submitted = submit(session, promise());
    send(open(session, opening));
    send(submitted);
    send(new DeleteSession(session));
    assertNotFound(() -> send(submitted), session);
    assertNotFound(() -> send(open(SessionId.next(), opening)), session);
  }

  @Test
  void repeatAfterTheShareWasRevokedIsNotFound() {
    var session = openSession();
    var submitted = submit(session, promise());
    var bob = Caller.ofUser(ADA.tenant(), UserId.next(), CredentialId.next(), Role.MEMBER);
    send(new ShareSession(session, new Audience.Tenant(), AccessLevel.WRITE));
    SubmitResult first = send(submitted, bob);
    send(new ShareSession(session, new Audience.Tenant(), AccessLevel.READ));
    assertThat(this.<SubmitResult>send(submitted, bob)).isEqualTo(first);
    send(new UnshareSession(session, new Audience.Tenant()));
    assertNotFound(() -> send(submitted, bob), session);
  }

  @Test
  void repeatAfterTheSessionWasClosedReturnsTheFirstReceipt() {
    var session = openSession();
    var submitted = submit(session, promise());
    SubmitResult first = send(submitted);
    send(new CloseSession(session));
    assertThat(this.<SubmitResult>send(submitted)).isEqualTo(first);
  }

  @Test
  void concurrentRepeatsExecuteOnceAndShareTheResult() throws Exception {
    var session = openSession();
    var idempotency = promise();
    int count = 8;
    var barrier = new CyclicBarrier(count);
    Callable<SubmitResult> repeat =
        () -> {
          barrier.await();
          return send(submit(session, idempotency));
        };
    var all = new ArrayList<Future<SubmitResult>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) all.add(executor.submit(repeat));
    }
    var submitResults = new HashSet<SubmitResult>();
    for (var one : all) submitResults.add(one.get());
    assertThat(submitResults).hasSize(1);
    assertThat(eventNames(session)).containsOnlyOnce("QueryIssued").doesNotContain("QueryQueued");
  }

  @Test
  void keysExpireAfterADay() {
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
  void commandWithoutAKeyIsExecutedEachTime() {
    var session = openSession();
    send(new SubmitInputs(session, List.of(prompt("one")), null));
    send(new SubmitInputs(session, List.of(prompt("two")), null));
    assertThat(eventNames(session))
        .filteredOn(event -> event.startsWith("Query"))
        .hasSizeGreaterThan(1);
  }
}
