package io.agentledger.store.event;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;

/**
 * Serializes events as JSON under their aliases. Types without an alias (metadata, deadlines) have
 * their Java names. Metadata is immutable, and the same for all events of a command, so what was
 * read last is kept.
 */
public final class EventSerializer extends StoredJsonSerializer {
  /** A power of two. */
  private static final int KEPT_MAX = 64;

  private static final int KEPT_BYTES_MAX = 1024;

  private final EventAliases aliases;
  private final AtomicReferenceArray<@Nullable StoredMetaData> kept =
      new AtomicReferenceArray<>(KEPT_MAX);

  private record StoredMetaData(byte[] json, MetaData metaData) {}

  public EventSerializer(EventAliases aliases) {
    super(builder().jsonMapperBuilderCustomizer(JsonMappers::configureEvents));
    this.aliases = aliases;
  }

  @Override
  @SuppressWarnings("unchecked") // The type of serialized metadata is metadata.
  public <S, T> T deserialize(SerializedObject<S> object) {
    return object instanceof SerializedMetaData<?> stored
            && stored.getData() instanceof byte[] json
            && json.length <= KEPT_BYTES_MAX
        ? (T) metaData(json, stored)
        : super.deserialize(object);
  }

  private MetaData metaData(byte[] json, SerializedMetaData<?> stored) {
    int hash = Arrays.hashCode(json);
    int place = (hash ^ hash >>> 16) & KEPT_MAX - 1;
    var last = kept.get(place);
    if (last != null && Arrays.equals(last.json(), json)) return last.metaData();
    MetaData metaData = super.deserialize(stored);
    kept.set(place, new StoredMetaData(json, metaData));
    return metaData;
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
