package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelAgent;
import io.agentledger.api.channel.ChannelCommand.ChannelProperties;
import io.agentledger.api.channel.ChannelDefinition;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChannelPlatforms;
import io.agentledger.api.channel.ChannelTestView;
import io.agentledger.api.channel.PlatformView;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.channel.ChannelReader.AccountUnusableException;
import io.agentledger.command.channel.platform.PlatformDescription;
import io.agentledger.command.channel.platform.PlatformField;
import io.agentledger.command.channel.platform.PlatformRegistry;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Describes platforms, and checks and tests channels by them.
 *
 * @param publicUrl base URL at which platforms reach the service; empty if it is not set
 */
record ChannelInspector(
    PlatformRegistry platforms,
    ChannelLookupTable channels,
    ChannelReader reader,
    ChannelSecretValidator secrets,
    TenantMembership members,
    DestinationPolicy destinations,
    String publicUrl)
    implements ChannelPlatforms {
  @Override
  public List<PlatformView> list() {
    return platforms.descriptions().stream().map(ChannelInspector::view).toList();
  }

  private static PlatformView view(PlatformDescription platform) {
    var limits = platform.limits();
    return new PlatformView(
        platform.name(),
        platform.title(),
        "/webhooks/" + platform.name() + "/{channel_id}",
        platform.handshake(),
        platform.documentation(),
        platform.settings().stream().map(ChannelInspector::view).toList(),
        platform.credentials().stream().map(ChannelInspector::view).toList(),
        platform.capabilities().stream()
            .map(capability -> capability.name().toLowerCase(Locale.ROOT))
            .sorted()
            .toList(),
        limits.textLengthMax(),
        limits.mediaBytesMax(),
        limits.messagesPerSecond(),
        limits.replyWindow().toSeconds());
  }

  private static PlatformView.Field view(PlatformField field) {
    return new PlatformView.Field(
        field.name(), field.description(), field.required(), field.rule(), field.example());
  }

  @Override
  public List<Fault> check(String name, ChannelDefinition definition, Set<String> credentials) {
    var platform = platforms.find(name);
    if (platform.isEmpty())
      return List.of(
          new Fault(
              "platform",
              "must be one of "
                  + String.join(
                      ", ",
                      platforms.descriptions().stream().map(PlatformDescription::name).toList())));
    var faults = new ArrayList<Fault>();
    platform
        .get()
        .findInstallationFault(publicUrl)
        .ifPresent(rule -> faults.add(new Fault("platform", rule)));
    for (var fault : platform.get().validate(definition.settings(), credentials))
      faults.add(new Fault(fault.object() + "/" + fault.field(), fault.detail()));
    var apiUrl = definition.apiUrl();
    if (apiUrl != null) checkDestination("api_url", apiUrl).ifPresent(faults::add);
    if (definition.agent() instanceof ChannelAgent.External external)
      checkDestination("agent/url", external.url()).ifPresent(faults::add);
    return List.copyOf(faults);
  }

  @Override
  public List<Fault> checkSecrets(
      Caller caller, ChannelProperties properties, ChannelDefinition definition) {
    return secrets.check(caller, properties, definition);
  }

  private Optional<Fault> checkDestination(String field, String url) {
    try {
      destinations.check(url);
      return Optional.empty();
    } catch (OutboundRefusedException e) {
      return Optional.of(new Fault(field, e.advice()));
    }
  }

  @Override
  public ChannelTestView test(TenantId tenant, ChannelId id) {
    var channel =
        channels
            .find(id)
            .filter(known -> known.tenant().equals(tenant))
            .orElseThrow(() -> new RejectionException(NotFound.of(id)));
    var platform = platforms.find(channel.properties().platform()).orElseThrow();
    try {
      var result = platform.test(reader.account(channel, platform.description()));
      return new ChannelTestView(result.successful(), result.account(), result.detail());
    } catch (AccountUnusableException e) {
      return new ChannelTestView(false, "", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<Caller> findPrincipal(Caller editor, ChannelId id) {
    return channels
        .find(id)
        .filter(known -> known.tenant().equals(editor.tenant()))
        .map(known -> known.properties().principal().changedBy(ExecutionPrincipal.of(editor)))
        .flatMap(
            principal ->
                members
                    .findActiveRole(editor.tenant(), principal.userId())
                    .map(role -> principal.toCaller(editor.tenant(), role, id)));
  }
}
