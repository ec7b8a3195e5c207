package io.agentledger.command.model;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.rehearsal.RehearsalUpstream;
import io.agentledger.command.model.rehearsal.ScenarioRegistry;
import io.agentledger.command.model.usage.ModelExchange;
import io.agentledger.command.model.usage.Prices;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.model.usage.UsageMeter;
import io.agentledger.command.support.SocketOwner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/** Gateway with one open socket in a directory with a short path. */
final class RehearsalGateway implements AutoCloseable {
  static final ProcessRef CALLER = new ProcessRef(SessionId.next(), ProcessId.next());
  static final RunId RUN = RunId.next();

  final Path directory;
  final ModelGateway gateway;
  final ModelSocket socket;

  RehearsalGateway() throws IOException {
    this(new RehearsalUpstream(ScenarioRegistry.load(null), 0), settings("https://api.example"));
  }

  RehearsalGateway(ModelUpstream upstream, ModelSettings settings) throws IOException {
    directory = Files.createTempDirectory("gw");
    gateway = new ModelGateway(upstream, rule(), settings);
    socket =
        gateway.open(directory.resolve("model.sock"), SocketOwner.ofService(), usageFile(), CALLER);
    socket.bindRun(account(RUN));
  }

  static BillingContext account(RunId run) {
    var provenance =
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_test");
    return new BillingContext(
        run,
        provenance,
        UserId.next(),
        new Budget.Unlimited(),
        Money.ZERO,
        Money.ZERO,
        Optional.empty());
  }

  static UsageMeter.Config rule() {
    return new UsageMeter.Config(Prices.loadShipped(), Clock.systemUTC());
  }

  static ModelSettings settings(String baseUrl) {
    return settings(baseUrl, false);
  }

  static ModelSettings settings(String baseUrl, boolean rehearsalPrices) {
    return new ModelSettings(
        null,
        URI.create(baseUrl),
        null,
        null,
        rehearsalPrices,
        0,
        DataSize.ofMegabytes(1),
        4,
        16,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        3,
        Duration.ZERO,
        Duration.ofSeconds(5));
  }

  Path usageFile() {
    return directory.resolve("usage.jsonl");
  }

  List<ModelExchange> exchanges() throws IOException {
    return UsageFile.read(usageFile(), 0).exchanges().stream()
        .map(UsageFile.Ended::exchange)
        .toList();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}
