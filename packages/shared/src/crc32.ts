const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3, as in zlib) of an ASCII text, as an unsigned 32-bit number. */
export function crc32(ascii: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < ascii.length; index++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ ascii.charCodeAt(index)) & 0xff] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
