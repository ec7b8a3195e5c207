/** Content: sealed under its session's key, small in the event itself, large in files. */
@NullMarked
package io.agentledger.store.content;

import org.jspecify.annotations.NullMarked;
