//! RSA keys that no library makes: many small primes, any exponent, even moduli.
//!
//! With primes of 256 bits even a modulus of 16,384 bits is made in a moment, and its signatures are
//! genuine: what refuses such a key has to be the rule about keys, not a signature that is wrong anyway.

use num_bigint::BigUint;

use crate::rng::SeededRng;

/// An RSA private key of any number of primes.
#[derive(Clone, Debug)]
pub struct MultiPrimeKey {
    primes: Vec<BigUint>,
    exponent: BigUint,
}

impl MultiPrimeKey {
    /// A key with a modulus of exactly so many bits.
    #[must_use]
    pub fn new(rng: &mut SeededRng, bits: usize, exponent: BigUint) -> Self {
        let chunks = bits / PRIME_BITS;
        let primes = (0..chunks)
            .map(|chunk| {
                let last = chunk + 1 == chunks;
                prime(rng, if last { bits - PRIME_BITS * (chunks - 1) } else { PRIME_BITS }, &exponent)
            })
            .collect();
        Self { primes, exponent }
    }

    /// A key whose modulus is even: two is one of its primes.
    #[must_use]
    pub fn even(rng: &mut SeededRng, bits: usize, exponent: BigUint) -> Self {
        let mut key = Self::new(rng, bits - 1, exponent);
        key.primes.push(BigUint::from(2_u8));
        key
    }

    /// The modulus.
    #[must_use]
    pub fn modulus(&self) -> BigUint {
        self.primes.iter().product()
    }

    /// The public exponent.
    #[must_use]
    pub const fn exponent(&self) -> &BigUint {
        &self.exponent
    }

    /// The number whose power by the public exponent is `block`; where there is none, some other number.
    #[must_use]
    pub fn root(&self, block: &BigUint) -> BigUint {
        let one = BigUint::from(1_u8);
        let (mut result, mut modulus) = (BigUint::ZERO, one.clone());
        for prime in &self.primes {
            let order = prime - &one;
            let residue = match self.exponent.modinv(&order) {
                Some(inverse) if order != one => (block % prime).modpow(&inverse, prime),
                _ => block % prime,
            };
            // Garner: the next multiple of the moduli so far that gives this residue.
            let lift = (prime + residue - &result % prime) % prime;
            let inverse = modulus.modinv(prime).expect("distinct primes");
            result += &modulus * (lift * inverse % prime);
            modulus *= prime;
        }
        result
    }
}

/// A prime with its eight highest bits set, so that a product of them has as many bits as their sum.
fn prime(rng: &mut SeededRng, bits: usize, exponent: &BigUint) -> BigUint {
    let one = BigUint::from(1_u8);
    let top = BigUint::from(0xff_u8) << (bits - 8);
    loop {
        let candidate = (BigUint::from_bytes_be(&rng.bytes(bits.div_ceil(8))) % (&one << (bits - 8))) | &top | &one;
        let coprime = exponent.bits() == 0 || !exponent.bit(0) || exponent.modinv(&(&candidate - &one)).is_some();
        if coprime && is_prime(&candidate) {
            return candidate;
        }
    }
}

/// Trial division, then Miller and Rabin's test to the first twelve primes as bases.
fn is_prime(candidate: &BigUint) -> bool {
    let small = |divisor: u32| (candidate % divisor) == BigUint::ZERO;
    if (3..2000).step_by(2).any(small) {
        return false;
    }
    let one = BigUint::from(1_u8);
    let last = candidate - &one;
    let twos = last.trailing_zeros().unwrap_or(0);
    let odd = &last >> twos;
    [2_u8, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].iter().all(|base| {
        let mut power = BigUint::from(*base).modpow(&odd, candidate);
        if power == one || power == last {
            return true;
        }
        (1..twos).any(|_| {
            power = &power * &power % candidate;
            power == last
        })
    })
}

const PRIME_BITS: usize = 256;
