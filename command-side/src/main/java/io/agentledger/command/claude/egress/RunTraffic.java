package io.agentledger.command.claude.egress;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.record.UnrecordedEvent;
import io.agentledger.command.support.SessionSealer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/**
 * Hosts that one run contacted and the bytes that it sent and received. The first connection to
 * each host is recorded before it is opened, and the number of hosts is limited. Thread-safe.
 */
final class RunTraffic {
  private final EgressContext egressContext;
  private final RunId run;
  private final Provenance provenance;
  private final SessionCommandGateway sessionCommandGateway;
  private final EgressSettings settings;
  private final Set<String> registeredHosts = new HashSet<>();
  private final AtomicBoolean tooMany = new AtomicBoolean();
  private final Map<Contact, CompletableFuture<Void>> recordings = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  /** Host that the run connected to, or was denied. */
  private record Contact(boolean allowed, String host, int port, String rule) {
    RunnerEvent toEvent(SessionSealer sealer, RunId run, ThreadId thread, SourcePosition position) {
      var session = sealer.session();
      var sealed = sealer.text(allowed ? EgressAllowed.class : EgressDenied.class, "host", host);
      return allowed
          ? new EgressAllowed(session, run, thread, position, sealed, port, rule)
          : new EgressDenied(session, run, thread, position, sealed, port, rule);
    }
  }

  RunTraffic(
      EgressContext egressContext,
      RunId run,
      Provenance provenance,
      SessionCommandGateway sessionCommandGateway,
      EgressSettings settings) {
    this.egressContext = egressContext;
    this.run = run;
    this.provenance = provenance;
    this.sessionCommandGateway = sessionCommandGateway;
    this.settings = settings;
  }

  RunId run() {
    return run;
  }

  /** Counts a host before its name is resolved, because a name lookup alone can leak data. */
  synchronized void registerHost(String host, int port) throws EgressDeniedException {
    String hostAndPort = host + ":" + port;
    if (registeredHosts.contains(hostAndPort)) return;
    if (registeredHosts.size() >= settings.hostsMax())
      throw new EgressDeniedException(
          "the run has used its limit of " + settings.hostsMax() + " hosts");
    registeredHosts.add(hostAndPort);
  }

  private synchronized boolean isRegistered(String host, int port) {
    return registeredHosts.contains(host + ":" + port);
  }

  /** Records a connection to a host and returns when it is committed. Blocks. */
  void recordReached(String host, int port, String rule) throws EgressDeniedException {
    if (!recordOnce(new Contact(true, host, port, rule)))
      throw new EgressDeniedException("the connection could not be recorded");
  }

  /**
   * Records a denied connection. All hosts beyond the limit are denied, but only the first of them
   * is recorded. Blocks.
   */
  void recordRefusal(String host, int port, String rule) {
    if (isRegistered(host, port) || tooMany.compareAndSet(false, true))
      recordOnce(new Contact(false, host, port, rule));
  }

  private boolean recordOnce(Contact contact) {
    var recording = new CompletableFuture<Void>();
    var existing = recordings.putIfAbsent(contact, recording);
    if (existing != null) return awaitRecorded(existing);
    try {
      sessionCommandGateway.send(
          egressContext.sealer().session(), () -> createCommand(contact), provenance);
      recording.complete(null);
      return true;
    } catch (RuntimeException | Error unrecorded) { // Other threads wait for the recording.
      recordings.remove(contact, recording);
      recording.completeExceptionally(unrecorded);
      return false;
    }
  }

  private RecordOutput createCommand(Contact contact) {
    var sealer = egressContext.sealer();
    var process = egressContext.process();
    long epoch = egressContext.epoch();
    var event = new UnrecordedEvent(Source.RUNNER, 0, egressContext.thread(), contact::toEvent);
    var entry = event.toEntry(sealer, run, process, epoch);
    return new RecordOutput(sealer.session(), run, process, epoch, List.of(entry));
  }

  private static boolean awaitRecorded(CompletableFuture<Void> existing) {
    return existing.handle((nothing, unrecorded) -> unrecorded == null).join();
  }

  /** Counts bytes that are sent. */
  void countSent(int bytes) throws EgressDeniedException {
    if (sent.addAndGet(bytes) > settings.sentMax().toBytes()) throw quotaExceeded();
  }

  /** Counts bytes that are received. */
  void countReceived(int bytes) throws EgressDeniedException {
    if (received.addAndGet(bytes) > settings.receivedMax().toBytes()) throw quotaExceeded();
  }

  /** Throws if the traffic limit of the run is exceeded. */
  void checkQuota() throws EgressDeniedException {
    if (sent.get() > settings.sentMax().toBytes()
        || received.get() > settings.receivedMax().toBytes()) throw quotaExceeded();
  }

  private EgressDeniedException quotaExceeded() {
    return new EgressDeniedException(
        "the run has exceeded its traffic limit of "
            + format(settings.sentMax())
            + " sent or "
            + format(settings.receivedMax())
            + " received");
  }

  private static String format(DataSize size) {
    return size.toMegabytes() > 0 ? size.toMegabytes() + " MB" : size.toKilobytes() + " KB";
  }
}
