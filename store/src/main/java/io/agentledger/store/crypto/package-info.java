/** Master keys, envelope encryption and sealed content. */
@NullMarked
package io.agentledger.store.crypto;

import org.jspecify.annotations.NullMarked;
