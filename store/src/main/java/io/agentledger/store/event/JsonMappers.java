package io.agentledger.store.event;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.store.support.UntrustedJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * JSON mappers with the rules that {@code api} does not declare: ids are bare values, sealed types
 * have a discriminator, constants have their stable names, and JSON values are embedded unchanged.
 */
public final class JsonMappers {
  private JsonMappers() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = Discriminated.PROPERTY)
  @JsonTypeIdResolver(StableTypeIdResolver.class)
  private interface DiscriminatedMixin {}

  /** Configures the format of events, snapshots, sagas and tokens. */
  public static void configureStored(JsonMapper.Builder json) {
    json.annotationIntrospector(new ValueObjectIntrospector())
        .changeDefaultVisibility(
            visibility ->
                visibility
                    .withFieldVisibility(JsonAutoDetect.Visibility.ANY)
                    .withSetterVisibility(JsonAutoDetect.Visibility.NONE)) // They handle commands.
        .addMixIn(Discriminated.class, DiscriminatedMixin.class)
        .addModule(new RawJsonModule())
        .addModule(new RecordsModule())
        .addModule(new Base64Module())
        .disable(
            DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
            DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .polymorphicTypeValidator(
            BasicPolymorphicTypeValidator.builder()
                .allowIfSubType("org.axonframework.")
                .allowIfSubType("io.agentledger.")
                .allowIfSubType("java.")
                .build());
  }

  /** Creates a mapper for data that is stored in that format outside of events. */
  public static JsonMapper mapper() {
    var json = JsonMapper.builder(UntrustedJson.factory().build());
    configureStored(json);
    return json.build();
  }

  /**
   * Adds the strict rules of events: no unknown, missing or null fields, for reading and writing.
   */
  static void configureEvents(JsonMapper.Builder json) {
    configureStored(json);
    json.enable(
        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
        DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  private static final class ValueObjectIntrospector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasAsValue(MapperConfig<?> config, Annotated member) {
      return member instanceof AnnotatedMember m
              && m.getName().equals("value")
              && Id.class.isAssignableFrom(m.getDeclaringClass())
          ? Boolean.TRUE
          : super.hasAsValue(config, member);
    }

    @Override
    public JsonCreator.@Nullable Mode findCreatorAnnotation(
        MapperConfig<?> config, Annotated creator) {
      return creator instanceof AnnotatedConstructor c
              && Id.class.isAssignableFrom(c.getDeclaringClass())
          ? JsonCreator.Mode.DELEGATING
          : super.findCreatorAnnotation(config, creator);
    }

    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
      String[] found = super.findEnumValues(config, type, constants, names);
      for (int i = 0; i < constants.length; i++)
        if (constants[i] instanceof WireNamed named) found[i] = named.wireName();
      return found;
    }
  }
}
