package io.agentledger.projection.session;

import io.agentledger.api.session.AsideEvent;
import io.agentledger.api.session.AsideEvent.AsideAnswered;
import io.agentledger.api.session.AsideEvent.AsideAsked;
import io.agentledger.api.session.AsideEvent.AsideFailed;
import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.session.AsideView;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.support.SealedColumn;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One thing that was asked beside a session's conversation. */
@Entity
@Table(name = "aside_row")
@SuppressWarnings("NullAway.Init")
public class AsideRow {
  @Id private String id;
  private String tenant;
  private String sessionId;

  @Enumerated(EnumType.STRING)
  private AsideEvent.Kind kind;

  @Enumerated(EnumType.STRING)
  private AsideView.State state;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed words;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed answer;

  @Enumerated(EnumType.STRING)
  private @Nullable Silence silence;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed reason;

  private String askedBy;
  private long sequence;
  private Instant askedAt;
  private @Nullable Instant settledAt;

  protected AsideRow() {}

  /** Where a fact stands and who said it. */
  record Said(String tenant, String by, long sequence, Instant at) {}

  AsideRow(AsideAsked event, Said said) {
    this.id = event.asideId().value();
    this.tenant = said.tenant();
    this.sessionId = event.sessionId().value();
    this.kind = event.kind();
    this.state = AsideView.State.WAITING;
    this.words = Sealed.of(AsideAsked.class, "words", event.words());
    this.askedBy = said.by();
    this.sequence = said.sequence();
    this.askedAt = said.at();
  }

  void answered(AsideAnswered event, Instant at) {
    state = AsideView.State.ANSWERED;
    answer = Sealed.of(AsideAnswered.class, "answer", event.answer());
    settledAt = at;
  }

  void failed(AsideFailed event, Instant at) {
    state = AsideView.State.FAILED;
    silence = event.silence();
    reason = Sealed.of(AsideFailed.class, "reason", event.reason());
    settledAt = at;
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String sessionId() {
    return sessionId;
  }

  public AsideEvent.Kind kind() {
    return kind;
  }

  public AsideView.State state() {
    return state;
  }

  public @Nullable Sealed words() {
    return words;
  }

  public @Nullable Sealed answer() {
    return answer;
  }

  public @Nullable Silence silence() {
    return silence;
  }

  public @Nullable Sealed reason() {
    return reason;
  }

  /** The actor. */
  public String askedBy() {
    return askedBy;
  }

  public long sequence() {
    return sequence;
  }

  public Instant askedAt() {
    return askedAt;
  }

  public @Nullable Instant settledAt() {
    return settledAt;
  }
}
