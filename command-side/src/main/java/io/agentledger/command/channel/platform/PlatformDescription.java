package io.agentledger.command.channel.platform;

import io.agentledger.api.shared.OrderedCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Needs and limits of a platform.
 *
 * @param name as in {@code /webhooks/{platform}/{channel}}
 * @param title name for people
 * @param apiUrl base URL of the API unless the channel has its own; empty if the channel must have
 *     one or none is called
 * @param handshake method of the request that checks the address; empty for none
 * @param documentation URL of the vendor's documentation; empty for none
 */
public record PlatformDescription(
    String name,
    String title,
    String apiUrl,
    String handshake,
    String documentation,
    List<PlatformField> settings,
    List<PlatformField> credentials,
    PlatformLimits limits,
    Set<Capability> capabilities) {
  public PlatformDescription {
    settings = List.copyOf(settings);
    credentials = List.copyOf(credentials);
    capabilities = OrderedCopy.of(capabilities);
  }

  /** Ability of a platform that others lack. */
  public enum Capability {
    /** Shows the contact that a reply is being written. */
    TYPING,
    /** Reports that a message was delivered. */
    DELIVERY_RECEIPTS,
    /** Reports that a message was read. */
    READ_RECEIPTS,
    /** Sends templates outside of the window after the contact's last message. */
    TEMPLATES,
    /** Drops repeated requests with the same part id, so unknown outcomes may be repeated. */
    IDEMPOTENT_SEND,
    /** Sends files by their bytes. */
    MEDIA,
    /** Sends files that the platform fetches by a public URL. */
    MEDIA_BY_URL,
    /** Calls no API: a sent part is stored, and the contact's client reads it. */
    STORED_SEND
  }

  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /** Returns unknown, missing and malformed fields, settings first. */
  List<FieldFault> validate(Map<String, String> givenSettings, Set<String> givenCredentials) {
    var faults = new ArrayList<FieldFault>();
    for (var name : new TreeSet<>(givenSettings.keySet()))
      if (settings.stream().noneMatch(field -> field.name().equals(name)))
        faults.add(unknown("settings", name, settings));
    for (var field : settings) {
      var value = givenSettings.get(field.name());
      if (value == null) {
        if (field.required()) faults.add(missing("settings", field));
      } else if (!field.accepts(value))
        faults.add(
            new FieldFault(
                "settings", field.name(), "must be " + field.rule() + ", as " + field.example()));
    }
    for (var name : new TreeSet<>(givenCredentials))
      if (credentials.stream().noneMatch(field -> field.name().equals(name)))
        faults.add(unknown("credentials", name, credentials));
    for (var field : credentials)
      if (field.required() && !givenCredentials.contains(field.name()))
        faults.add(missing("credentials", field));
    return List.copyOf(faults);
  }

  private FieldFault unknown(String object, String name, List<PlatformField> known) {
    var names = known.stream().map(PlatformField::name).toList();
    return new FieldFault(
        object,
        name,
        "is not a field of the platform "
            + this.name
            + (names.isEmpty() ? ", which has none" : "; it has " + String.join(", ", names)));
  }

  private FieldFault missing(String object, PlatformField field) {
    return new FieldFault(
        object, field.name(), "is required by the platform " + name + ": " + field.description());
  }

  /** Returns all fields, settings first. */
  public Stream<PlatformField> fields() {
    return Stream.concat(settings.stream(), credentials.stream());
  }
}
