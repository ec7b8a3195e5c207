package io.agentledger.store.event;

import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/**
 * Serializes events as JSON under their aliases. Types without an alias (metadata, deadlines) have
 * their Java names.
 */
public final class EventSerializer extends Jackson3Serializer {
  private final EventAliases aliases;

  public EventSerializer(EventAliases aliases) {
    super(builder().jsonMapperBuilderCustomizer(JsonMappers::configureEvents));
    this.aliases = aliases;
  }

  @Override
  public SerializedType typeForClass(Class type) {
    String alias = type == null ? null : aliases.nameOf(type);
    return alias == null
        ? super.typeForClass(type)
        : new SimpleSerializedType(alias, getRevisionResolver().revisionOf(type));
  }

  @Override
  public Class<?> classForType(SerializedType type) {
    Class<?> event = aliases.classOf(type.getName());
    return event == null ? super.classForType(type) : event;
  }

  @Override
  protected String resolveClassName(SerializedType type) {
    Class<?> event = aliases.classOf(type.getName());
    return event == null ? super.resolveClassName(type) : event.getName();
  }
}
