package io.agentledger.projection.session;

import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
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
public class SideRequestRow {
  @Id private String id;
  private String tenant;
  private String sessionId;

  @Enumerated(EnumType.STRING)
  private SideRequestEvent.Kind kind;

  @Enumerated(EnumType.STRING)
  private SideRequestView.State state;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent words;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent answer;

  @Enumerated(EnumType.STRING)
  private @Nullable FailureReason silence;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent reason;

  private String askedBy;
  private long sequence;
  private Instant askedAt;
  private @Nullable Instant settledAt;

  protected SideRequestRow() {}

  /** Where a fact stands and who said it. */
  record Said(String tenant, String by, long sequence, Instant at) {}

  SideRequestRow(SideRequestSubmitted event, Said said) {
    this.id = event.asideId().value();
    this.tenant = said.tenant();
    this.sessionId = event.sessionId().value();
    this.kind = event.kind();
    this.state = SideRequestView.State.WAITING;
    this.words = SealedContent.seal(SideRequestSubmitted.class, "words", event.words());
    this.askedBy = said.by();
    this.sequence = said.sequence();
    this.askedAt = said.at();
  }

  void answered(SideRequestAnswered event, Instant at) {
    state = SideRequestView.State.ANSWERED;
    answer = SealedContent.seal(SideRequestAnswered.class, "answer", event.answer());
    settledAt = at;
  }

  void failed(SideRequestFailed event, Instant at) {
    state = SideRequestView.State.FAILED;
    silence = event.silence();
    reason = SealedContent.seal(SideRequestFailed.class, "reason", event.reason());
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

  public SideRequestEvent.Kind kind() {
    return kind;
  }

  public SideRequestView.State state() {
    return state;
  }

  public @Nullable SealedContent words() {
    return words;
  }

  public @Nullable SealedContent answer() {
    return answer;
  }

  public @Nullable FailureReason silence() {
    return silence;
  }

  public @Nullable SealedContent reason() {
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
