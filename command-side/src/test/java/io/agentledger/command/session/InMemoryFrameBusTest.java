package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryFrameBusTest {
  private static final SessionId SESSION = new SessionId("ses_2222222222");
  private static final QueryId QUERY = new QueryId("qry_2222222222");
  private final InMemoryFrameBus inMemoryFrameBus = new InMemoryFrameBus();

  private static StreamItem frame(SessionId session) {
    return StreamItem.frame(session, null, null, Instant.EPOCH, new StreamItem.Done(QUERY));
  }

  @Test
  void framesReachThoseWhoListenToTheirSession() {
    List<StreamItem> heard = new ArrayList<>();
    List<StreamItem> other = new ArrayList<>();
    inMemoryFrameBus.listen(SESSION, heard::add);
    inMemoryFrameBus.listen(new SessionId("ses_3333333333"), other::add);
    var frame = frame(SESSION);
    inMemoryFrameBus.send(frame);
    assertThat(heard).containsExactly(frame);
    assertThat(other).isEmpty();
  }

  @Test
  void whoLeavesHearsNothingMoreAndMayLeaveTwice() {
    List<StreamItem> heard = new ArrayList<>();
    List<StreamItem> stays = new ArrayList<>();
    var leave = inMemoryFrameBus.listen(SESSION, heard::add);
    inMemoryFrameBus.listen(SESSION, stays::add);
    leave.run();
    leave.run();
    inMemoryFrameBus.send(frame(SESSION));
    assertThat(heard).isEmpty();
    assertThat(stays).hasSize(1);
  }

  @Test
  void theSameListenerTwiceIsTwoListeners() {
    List<StreamItem> heard = new ArrayList<>();
    java.util.function.Consumer<StreamItem> listener = heard::add;
    var leave = inMemoryFrameBus.listen(SESSION, listener);
    inMemoryFrameBus.listen(SESSION, listener);
    leave.run();
    inMemoryFrameBus.send(frame(SESSION));
    assertThat(heard).hasSize(1);
  }

  @Test
  void aListenerThatThrowsHurtsNobodyElse() {
    List<StreamItem> heard = new ArrayList<>();
    inMemoryFrameBus.listen(
        SESSION,
        frame -> {
          throw new IllegalStateException("slow reader");
        });
    inMemoryFrameBus.listen(SESSION, heard::add);
    inMemoryFrameBus.send(frame(SESSION));
    assertThat(heard).hasSize(1);
  }

  @Test
  void whoLeavesWhileHearingDoesNotDisturbTheOthers() {
    List<StreamItem> heard = new ArrayList<>();
    var leave = new Runnable[1];
    leave[0] = inMemoryFrameBus.listen(SESSION, frame -> leave[0].run());
    inMemoryFrameBus.listen(SESSION, heard::add);
    inMemoryFrameBus.send(frame(SESSION));
    inMemoryFrameBus.send(frame(SESSION));
    assertThat(heard).hasSize(2);
  }

  @Test
  void nobodyThereIsNoTrouble() {
    inMemoryFrameBus.send(frame(SESSION));
  }
}
