package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelPlatforms.Fault;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.command.channel.platform.Platform;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.VaultUse;
import io.agentledger.command.support.webhook.WebhookSignature;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Looks up and opens the secrets that a channel names. Blocks on the database; thread-safe. */
record ChannelSecretValidator(PlatformRegistry platforms, SecretReader secrets) {
  /** Secret with the path of its field, and the rule for its text. */
  private record NamedSecret(
      String field, SecretRef secret, Function<String, Optional<String>> rule) {}

  /**
   * Returns the faults of secrets in the order of their fields. Callers who may not name secrets
   * get none, so that they learn nothing about vaults; their command is rejected.
   */
  List<Fault> check(Caller caller, ChannelProperties properties, ChannelDefinition definition) {
    if (!VaultUse.isPermitted(caller)) return List.of();
    var platform = platforms.find(properties.platform()).orElseThrow();
    return Stream.concat(credentials(platform, properties), agentSecret(definition))
        .flatMap(named -> findFault(caller.tenant(), named).stream())
        .toList();
  }

  private static Stream<NamedSecret> credentials(Platform platform, ChannelProperties properties) {
    return new TreeMap<>(properties.credentials())
        .entrySet().stream()
            .map(
                credential ->
                    new NamedSecret(
                        "credentials/" + credential.getKey(),
                        credential.getValue(),
                        text -> platform.findSecretFault(credential.getKey(), text)));
  }

  private static Stream<NamedSecret> agentSecret(ChannelDefinition definition) {
    return definition.agentSecret().stream()
        .map(
            secret ->
                new NamedSecret(
                    "agent/secret",
                    secret,
                    text ->
                        WebhookSignature.isStrong(text)
                            ? Optional.empty()
                            : Optional.of(WebhookSignature.STRONG_RULE)));
  }

  private Optional<Fault> findFault(TenantId tenant, NamedSecret named) {
    var ref = named.secret();
    // The command is rejected as for every resource of another tenant, or none.
    if (!secrets.findUnusable(tenant, List.of(ref.vaultId())).isEmpty()) return Optional.empty();
    var secret = secrets.open(tenant, ref.vaultId(), ref.name());
    if (secret.isEmpty())
      return Optional.of(
          new Fault(
              named.field() + "/name",
              "must be a secret that the vault has; store it first with PUT /vaults/"
                  + ref.vaultId()
                  + "/secrets/"
                  + ref.name()));
    var text = secret.flatMap(ChannelReader::textOf);
    return (text.isEmpty()
            ? Optional.of("must not be a secret that was stored for an MCP server")
            : text.flatMap(named.rule()))
        .map(rule -> new Fault(named.field(), rule));
  }
}
